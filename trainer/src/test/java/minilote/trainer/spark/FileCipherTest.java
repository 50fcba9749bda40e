package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileCipherTest {
  @Test
  void apply_toPartsOfWhatWasEncrypted_givesWhatItWas() {
    for (int keyBytes : new int[] {16, 24, 32}) {
      FileCipher cipher = new FileCipher(keyBytes);
      byte[] plain = new byte[200];
      new Random(keyBytes).nextBytes(plain);
      for (long at : new long[] {0, 5, 3L << 40}) {
        byte[] file = plain.clone();
        cipher.apply(at, ByteBuffer.wrap(file));
        assertFalse(Arrays.equals(plain, file));
        for (int from = 0; from < plain.length; from += 7) {
          for (int length : new int[] {0, 1, 16, 20}) {
            int to = Math.min(plain.length, from + length);
            ByteBuffer part = ByteBuffer.allocateDirect(to - from).put(file, from, to - from);
            cipher.apply(at + from, part.flip());
            byte[] read = new byte[to - from];
            part.get(read);
            assertArrayEquals(Arrays.copyOfRange(plain, from, to), read);
          }
        }
      }
    }
  }

  /** The same examples in two files do not look the same. */
  @Test
  void apply_ofAnotherCipher_givesSomethingElse() {
    byte[] one = new byte[32];
    byte[] other = new byte[32];
    new FileCipher(16).apply(0, ByteBuffer.wrap(one));
    new FileCipher(16).apply(0, ByteBuffer.wrap(other));
    assertFalse(Arrays.equals(one, other));
    assertFalse(Arrays.equals(Arrays.copyOf(one, 16), Arrays.copyOfRange(one, 16, 32)));
  }
}
