package minilote.datasets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as records hold them: least significant byte first, whatever the machine. */
public final class LittleEndian {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  public static float getFloat(byte[] data, int offset) {
    return (float) FLOAT.get(data, offset);
  }

  public static void putFloat(byte[] data, int offset, float value) {
    FLOAT.set(data, offset, value);
  }

  /** An unsigned number of two bytes, 0..65,535. */
  public static int getShort(byte[] data, int offset) {
    return (data[offset] & 0xff) | (data[offset + 1] & 0xff) << 8;
  }

  /** Writes the lower two bytes of a number. */
  public static void putShort(byte[] data, int offset, int value) {
    data[offset] = (byte) value;
    data[offset + 1] = (byte) (value >>> 8);
  }
}
