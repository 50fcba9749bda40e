package minilote.datasets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is done to images while a network learns from them, never while it is judged: {@code
 * Augmentation.parse("crop 4, flip, cutout 8")}. What happens to an image in an epoch is a function
 * of its {@linkplain ExampleKeys key}, and so of seed, epoch and id.
 *
 * <p>Operations are done one after the other on the inputs of the network, after normalization.
 * What they fill, they fill with 0, which is the mean colour where inputs are standardized (of all
 * images, or with {@code per-image} of each) and black where they are not normalized: a layer then
 * sees what it sees of the padding of a convolution, and the inputs' mean stays about where it was.
 * So do He et al. and DeVries and Taylor (see {@link PadAndCrop} and {@link Cutout}). Programs that
 * pad before they normalize fill with black, which standardized is an extreme value.
 *
 * <p>Immutable, safe for any number of threads, and without allocation in {@link #apply}.
 *
 * @param operations in the order in which they are done, each name at most once
 */
public record Augmentation(List<ImageOperation> operations) {
  /** Images stay as they are. */
  public static final Augmentation NONE = new Augmentation(List.of());

  private static final String NO_WORDS = "none";
  private static final String NUMBER = "[1-9][0-9]{0,8}";

  public Augmentation {
    operations = List.copyOf(operations);
  }

  /**
   * Reads {@code none}, or some of {@code crop N}, {@code flip} and {@code cutout N}, separated by
   * commas; N in pixels.
   *
   * @throws UserError naming the part that is wrong and what would be right
   */
  public static Augmentation parse(String words) {
    if (words.strip().equalsIgnoreCase(NO_WORDS)) {
      return NONE;
    }
    List<ImageOperation> operations = new ArrayList<>();
    for (String part : words.split(",", -1)) {
      ImageOperation operation;
      try {
        operation = operation(part.strip().toLowerCase(Locale.ROOT), operations);
      } catch (UserError e) {
        throw new UserError(
            where(operations.size(), part.strip(), String.valueOf(e.getMessage())), e);
      }
      operations.add(operation);
    }
    return new Augmentation(operations);
  }

  private static String where(int index, String part, String sentence) {
    return "part %d, \"%s\": %s".formatted(index + 1, part, sentence);
  }

  private static ImageOperation operation(String part, List<ImageOperation> before) {
    String[] words = part.split("\\s+");
    for (ImageOperation operation : before) {
      if (operation.name().equals(words[0])) {
        throw new UserError("there is a %s already".formatted(words[0]));
      }
    }
    return switch (words[0]) {
      case PadAndCrop.NAME -> new PadAndCrop(pixels(words));
      case Cutout.NAME -> new Cutout(pixels(words));
      case HorizontalFlip.NAME -> {
        if (words.length > 1) {
          throw new UserError("flip stands alone");
        }
        yield new HorizontalFlip();
      }
      default ->
          throw new UserError(
              "there is no such augmentation; write some of crop 4, flip and cutout 8 between commas, or none");
    };
  }

  private static int pixels(String[] words) {
    if (words.length != 2 || !words[1].matches(NUMBER)) {
      throw new UserError(
          "%s needs one number of pixels from 1 on, as in %s 4".formatted(words[0], words[0]));
    }
    return Integer.parseInt(words[1]);
  }

  /** As {@link #parse} reads it; JSON has it so, too. */
  public String toWords() {
    return isNone()
        ? NO_WORDS
        : operations.stream().map(ImageOperation::toWords).collect(Collectors.joining(", "));
  }

  /** Whether images stay as they are. */
  public boolean isNone() {
    return operations.isEmpty();
  }

  /**
   * Checks that the examples are images, large enough for it.
   *
   * @throws UserError naming the part that does not fit
   */
  public void check(RecordFormat format) {
    if (isNone()) {
      return;
    }
    if (!format.isImage()) {
      throw new UserError(
          "it is for images, and an example of this data set is a vector of %,d features"
              .formatted(format.features()));
    }
    for (int i = 0; i < operations.size(); i++) {
      try {
        operations.get(i).check(format.shape().get(1), format.shape().get(2));
      } catch (UserError e) {
        throw new UserError(
            where(i, operations.get(i).toWords(), String.valueOf(e.getMessage())), e);
      }
    }
  }

  /**
   * Changes the inputs of one image.
   *
   * @param key of the example in the epoch
   * @param format of the image's record
   * @param inputs has {@code format.features()} of them from {@code offset} on, as {@link
   *     Normalization#apply} has written them
   */
  public void apply(long key, RecordFormat format, float[] inputs, int offset) {
    List<Integer> shape = format.shape();
    for (int i = 0; i < operations.size(); i++) {
      operations.get(i).apply(key, inputs, offset, shape.get(0), shape.get(1), shape.get(2));
    }
  }
}
