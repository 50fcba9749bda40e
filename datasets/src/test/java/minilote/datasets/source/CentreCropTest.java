package minilote.datasets.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;

class CentreCropTest {
  /** One image: of each value, tens are the row, units the column, hundreds the channel. */
  private record OneImage(RecordFormat format) implements Source {
    @Override
    public Description description() {
      return new Description("images", format, List.of("a", "b"), Map.of("train", 1L), "here", "");
    }

    @Override
    public Records open(String split) {
      return new Records() {
        private boolean read;

        @Override
        public boolean read(byte[] record) {
          if (read) {
            return false;
          }
          record[0] = 1;
          int i = format.targetBytes();
          for (int c = 0; c < format.channels(); c++) {
            for (int y = 0; y < format.shape().get(1); y++) {
              for (int x = 0; x < format.shape().get(2); x++) {
                record[i++] = (byte) (100 * c + 10 * y + x);
              }
            }
          }
          read = true;
          return true;
        }

        @Override
        public void close() {}
      };
    }
  }

  private static byte[] read(Source source) throws IOException {
    byte[] record = new byte[source.description().format().recordBytes()];
    try (Source.Records records = source.open("train")) {
      assertTrue(records.read(record));
      assertFalse(records.read(record));
    }
    return record;
  }

  @Test
  void read_ofTwoChannels_isTheMiddleOfEach() throws IOException {
    // 4 high and 5 wide, of which 2 and 3: one row and one column are left out on each side.
    CentreCrop crop =
        new CentreCrop(new OneImage(RecordFormat.image(2, 4, 5, 2)), new ImageSize(3, 2));
    assertArrayEquals(
        new byte[] {1, 0, 11, 12, 13, 21, 22, 23, 111, 112, 113, 121, 122, 123}, read(crop));
    assertEquals("images-crop-3x2", crop.description().name());
    assertEquals(List.of(2, 2, 3), crop.description().format().shape());
    assertEquals(Map.of("train", 1L), crop.description().examples());
  }

  /** Of an odd number of rows and columns, the lesser half is left out above and to the left. */
  @Test
  void read_ofAnOddRest_roundsDown() throws IOException {
    CentreCrop crop =
        new CentreCrop(new OneImage(RecordFormat.image(1, 4, 5, 2)), new ImageSize(2, 1));
    assertArrayEquals(new byte[] {1, 0, 11, 12}, read(crop));
  }

  @Test
  void read_ofTheWholeSize_isTheImage() throws IOException {
    Source whole = new OneImage(RecordFormat.image(2, 3, 2, 2));
    assertArrayEquals(read(whole), read(new CentreCrop(whole, new ImageSize(2, 3))));
  }

  @Test
  void new_ofALargerWindow_isRefused() {
    for (ImageSize size : List.of(new ImageSize(6, 2), new ImageSize(3, 5))) {
      UserError e =
          assertThrows(
              UserError.class,
              () -> new CentreCrop(new OneImage(RecordFormat.image(1, 4, 5, 2)), size));
      assertEquals(
          "--crop %dx%d: it must be a part of the images, which are 5x4"
              .formatted(size.width(), size.height()),
          e.getMessage());
    }
  }

  @Test
  void new_ofVectors_isRefused() {
    RecordFormat vectors = new RecordFormat(FeatureType.FLOATS, List.of(4), TargetKind.CLASS, 2);
    UserError e =
        assertThrows(
            UserError.class, () -> new CentreCrop(new OneImage(vectors), new ImageSize(1, 1)));
    assertEquals("--crop 1x1: there are no images, but 4 numbers each", e.getMessage());
  }
}
