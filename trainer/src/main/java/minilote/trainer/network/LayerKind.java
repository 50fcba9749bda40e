package minilote.trainer.network;

import java.util.List;
import java.util.function.Function;
import minilote.datasets.UserError;

/**
 * A kind of layer: how it is read, and what does its work. All kinds are in {@link #ALL}; nothing
 * else has to know of a new one.
 *
 * @param <D> its description
 * @param word that begins it
 * @param type of its description
 * @param words reads the words after the first one
 * @param json reads the JSON object
 * @param maker makes the layer at work
 */
record LayerKind<D extends LayerDescription>(
    String word,
    Class<D> type,
    Function<LayerWords, D> words,
    Function<LayerJson, D> json,
    Maker<D> maker) {

  /** Makes a layer at work. */
  @FunctionalInterface
  interface Maker<D> {
    /** The layer at that place. */
    Layer make(D description, Network.Place place, Workspace workspace);
  }

  static final List<LayerKind<?>> ALL =
      List.of(
          new LayerKind<>(
              DenseDescription.KIND,
              DenseDescription.class,
              DenseDescription::parse,
              DenseDescription::parse,
              DenseLayer::new),
          new LayerKind<>(
              ConvDescription.KIND,
              ConvDescription.class,
              ConvDescription::parse,
              ConvDescription::parse,
              ConvLayer::new),
          pool(PoolDescription.Kind.MAX),
          pool(PoolDescription.Kind.AVERAGE),
          new LayerKind<>(
              GlobalAveragePoolDescription.KIND,
              GlobalAveragePoolDescription.class,
              GlobalAveragePoolDescription::parse,
              GlobalAveragePoolDescription::parse,
              PoolLayer::new),
          new LayerKind<>(
              FlattenDescription.KIND,
              FlattenDescription.class,
              FlattenDescription::parse,
              FlattenDescription::parse,
              FlattenLayer::new),
          new LayerKind<>(
              DropoutDescription.KIND,
              DropoutDescription.class,
              DropoutDescription::parse,
              DropoutDescription::parse,
              DropoutLayer::new),
          new LayerKind<>(
              ResidualDescription.KIND,
              ResidualDescription.class,
              ResidualDescription::parse,
              ResidualDescription::parse,
              ResidualLayer::new),
          new LayerKind<>(
              BatchNormDescription.KIND,
              BatchNormDescription.class,
              BatchNormDescription::parse,
              BatchNormDescription::parse,
              BatchNormLayer::new));

  private static LayerKind<PoolDescription> pool(PoolDescription.Kind kind) {
    return new LayerKind<>(
        kind.word(),
        PoolDescription.class,
        words -> PoolDescription.parse(kind, words),
        json -> PoolDescription.parse(kind, json),
        PoolLayer::new);
  }

  /** The words that begin a layer. */
  static List<String> allWords() {
    return ALL.stream().map(LayerKind::word).toList();
  }

  /**
   * The kind that begins with that word.
   *
   * @throws UserError with the words that are known
   */
  static LayerKind<?> of(String word) {
    for (LayerKind<?> kind : ALL) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    throw new UserError(
        "'%s' is no kind of layer (known: %s)%s"
            .formatted(word, String.join(", ", allWords()), Suggestion.of(word, allWords())));
  }

  /** See {@link Maker#make}. */
  Layer make(Network.Place place, Workspace workspace) {
    return maker.make(type.cast(place.description()), place, workspace);
  }
}
