package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Whom a message is for, or is to be answered, as it stands in the message. */
final class Identity {
  static final int BYTES = 2 * Long.BYTES;

  private Identity() {}

  /** Writes it behind what the message has. */
  static ByteBuffer put(ByteBuffer message, UUID id) {
    return message.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  /** Reads it. */
  static UUID get(ByteBuffer message) {
    return new UUID(message.getLong(), message.getLong());
  }
}
