package minilote.trainer.spark;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts a file that only this JVM will ever read, and any part of it back: AES in counter mode
 * (NIST SP 800-38A, section 6.5), as Spark does with its own files, with a key that is in this
 * object alone. Safe for any number of threads.
 */
final class FileCipher {
  private static final int BLOCK = 16;

  private final SecretKeySpec key;
  private final BigInteger firstCounter;

  /**
   * With a new key.
   *
   * @param keyBytes 16, 24 or 32
   */
  FileCipher(int keyBytes) {
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[keyBytes];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "AES");
    // From a half of its range on, so that no file is long enough for it to overflow.
    this.firstCounter = new BigInteger(BLOCK * Byte.SIZE - 1, random);
  }

  /**
   * Encrypts what is plain, and decrypts what is not, in its place.
   *
   * @param at where in the file the bytes are
   */
  void apply(long at, ByteBuffer bytes) {
    byte[] counter = new byte[BLOCK];
    byte[] value = firstCounter.add(BigInteger.valueOf(at / BLOCK)).toByteArray();
    int length = Math.min(BLOCK, value.length); // One more where the highest bit is set.
    System.arraycopy(value, value.length - length, counter, BLOCK - length, length);
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
      cipher.update(new byte[(int) (at % BLOCK)]);
      cipher.doFinal(bytes.duplicate(), bytes.duplicate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM cannot encrypt what has to be", e);
    }
  }
}
