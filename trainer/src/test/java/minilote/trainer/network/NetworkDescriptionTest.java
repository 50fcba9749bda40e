package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkDescriptionTest {
  private static final String CONV =
      "'conv CHANNELS HEIGHTxWIDTH ACTIVATION', as in 'conv 32 3x3 relu', with 'stride 2', 'padding"
          + " same', 'padding valid', 'padding 1' or 'bias none' before the activation";

  private static final String BATCHNORM =
      "'batchnorm ACTIVATION', as in 'batchnorm relu', with 'ghost 32' or 'whole', 'momentum 0.1' or"
          + " 'epsilon 0.00001' before the activation";

  private static final String RESIDUAL =
      "'residual(LAYERS) ACTIVATION' or 'residual(LAYERS | SHORTCUT) ACTIVATION', as in"
          + " 'residual(conv 16 3x3 relu, conv 16 3x3) relu'";

  @Test
  void parse_words_givesTheLayers() {
    assertEquals(
        new NetworkDescription(
            List.of(
                new DenseDescription(512, Activation.RELU),
                new DenseDescription(64, Activation.elu(0.5f)),
                new DenseDescription(32, Activation.LINEAR),
                new DenseDescription(10, Activation.SOFTMAX))),
        NetworkDescription.parse("dense 512 relu, dense 64 elu(0.5), dense 32, dense 10 softmax"));
  }

  @Test
  void parse_json_givesTheLayers() {
    assertEquals(
        NetworkDescription.parse("dense 512 relu, dense 3"),
        NetworkDescription.parse(
            " {\"layers\": [{\"kind\": \"dense\", \"units\": 512, \"activation\": \"relu\"},"
                + " {\"kind\": \"dense\", \"units\": 3}]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense 1 linear",
        "dense 7 sigmoid, dense 6 tanh, dense 5 relu, dense 4 elu, dense 3 elu(0.125), dense 2 softmax",
        "dense 2147483647 heaviside, dense 1 sign",
        "dense 2 elu(1.0E-10)",
        "conv 32 3x3 relu, max-pool 2x2, dense 10 softmax",
        "conv 8 5x3 stride 2 padding valid bias none elu(0.5), global-average-pool softmax",
        "conv 8 3x3 stride 2x1 padding 1x0, average-pool 3x3 stride 2 padding 1 tanh, flatten",
        "dropout 0.2, dense 5 relu, dropout 0.5, dropout 0.0, dropout 1.0E-5, dense 2 tanh",
        "residual(conv 16 3x3 bias none relu, conv 16 3x3) relu, flatten",
        "conv 3 1x1, residual(conv 8 3x3 stride 2 relu, residual(dropout 0.5) tanh | residual(max-pool"
            + " 2x2) elu(0.5), conv 8 1x1), dense 2 softmax",
        "conv 3 1x1 bias none, batchnorm relu, dense 4 tanh, batchnorm ghost 64 momentum 0.01 epsilon 0.001"
            + " elu(0.5), batchnorm, dense 2 softmax",
        "batchnorm whole, dense 4 relu, batchnorm whole momentum 1.0 tanh, dense 2 softmax",
        "max-pool 2x3 stride 1x4 padding same, conv 1 1x1, flatten softmax",
      })
  void parse_whatItWrites_isTheSame(String words) throws Exception {
    NetworkDescription network = NetworkDescription.parse(words);
    assertEquals(words, network.toWords());
    assertEquals(network, NetworkDescription.parse(network.toWords()));
    String json = network.toJson().toString();
    assertEquals(network, NetworkDescription.parse(json));
    assertEquals(network, NetworkDescription.fromJson(new ObjectMapper().readTree(json)));
  }

  @Test
  void parse_whatNeedNotBeSaid_isWhatIsUsual() {
    Size two = new Size(2, 2);
    Size three = new Size(3, 3);
    Size one = new Size(1, 1);
    assertEquals(
        List.of(
            new ConvDescription(32, three, one, Padding.SAME, true, Activation.LINEAR),
            new PoolDescription(
                PoolDescription.Kind.MAX, two, two, Padding.VALID, Activation.LINEAR),
            new PoolDescription(
                PoolDescription.Kind.AVERAGE, three, two, Padding.of(one), Activation.RELU),
            new GlobalAveragePoolDescription(Activation.LINEAR)),
        NetworkDescription.parse(
                "conv 32 3x3, max-pool 2x2, average-pool 3x3 padding 1 stride 2x2 relu,"
                    + " global-average-pool")
            .layers());
    assertEquals(
        NetworkDescription.parse("conv 32 3 bias none padding 0, max-pool 2x2 stride 2, flatten"),
        NetworkDescription.parse(
            "{\"layers\": [{\"kind\": \"conv\", \"channels\": 32, \"kernel\": [3, 3], \"bias\":"
                + " false, \"padding\": [0, 0]}, {\"kind\": \"max-pool\", \"size\": 2}, {\"kind\":"
                + " \"flatten\"}]}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DENSE 2 ReLU", "  dense\t2\n relu ", "dense 2 relu"})
  void parse_anyCaseAndSpace_isTheSame(String words) {
    assertEquals("dense 2 relu", NetworkDescription.parse(words).toWords());
    assertEquals("dense 2 elu(0.5)", NetworkDescription.parse("dense 2 elu( 0.5 )").toWords());
  }

  @Test
  void parse_linesWithComments_readsTheOthers() {
    String words = "# one\ndense 2 relu,\n  # two, dense\ndense 3\n  softmax\n#\n";

    assertEquals("dense 2 relu, dense 3 softmax", NetworkDescription.parse(words).toWords());
    assertEquals(
        "dense 2 linear",
        NetworkDescription.parse("# JSON\n{\"layers\": [{\"kind\": \"dense\", \"units\": 2}]}")
            .toWords());
  }

  @Test
  void parse_mistakeBehindAComment_saysTheCharacterOfTheText() {
    UserError error =
        assertThrows(UserError.class, () -> NetworkDescription.parse("# one\nflaten"));

    assertTrue(error.getMessage().startsWith("layer 1, character 7: 'flaten'"), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "`` ¦ a network has at least one layer, as in 'dense 512 relu, dense 10 softmax'",
        "dens 5 relu ¦ layer 1, character 1: 'dens' is no kind of layer (known: dense, conv, max-pool,"
            + " average-pool, global-average-pool, flatten, dropout, residual, batchnorm); did you mean 'dense'?",
        "dense 5 relu, recurrent 5 ¦ layer 2, character 15: 'recurrent' is no kind of layer (known:"
            + " dense, conv, max-pool, average-pool, global-average-pool, flatten, dropout, residual, batchnorm)",
        "dense ¦ layer 1, character 1: 'dense' needs its number of units; it is written 'dense"
            + " UNITS ACTIVATION', as in 'dense 512 relu'",
        "dense relu 5 ¦ layer 1, character 7: 'relu' is no number of units; a dense layer is"
            + " written 'dense UNITS ACTIVATION', as in 'dense 512 relu'",
        "dense 3000000000 ¦ layer 1, character 7: '3000000000' is no number of units; a dense layer"
            + " is written 'dense UNITS ACTIVATION', as in 'dense 512 relu'",
        "dense 0 relu ¦ layer 1, character 7: a dense layer has at least 1 unit, not 0",
        "dense -4 ¦ layer 1, character 7: a dense layer has at least 1 unit, not -4",
        "dense 5 rellu ¦ layer 1, character 9: 'rellu' is no activation (known: linear, sigmoid, tanh,"
            + " relu, elu, elu(0.5), softmax, heaviside, sign); did you mean 'relu'?",
        "dense 5 relu, dense 5 gelu ¦ layer 2, character 23: 'gelu' is no activation (known:"
            + " linear, sigmoid, tanh, relu, elu, elu(0.5), softmax, heaviside, sign); did you mean"
            + " 'relu'?",
        "dense 5 maxout ¦ layer 1, character 9: 'maxout' is no activation (known: linear, sigmoid,"
            + " tanh, relu, elu, elu(0.5), softmax, heaviside, sign)",
        "dense 5 relu tanh ¦ layer 1, character 14: 'tanh' is one word too many; this layer is"
            + " written 'dense UNITS ACTIVATION', as in 'dense 512 relu'",
        "dense 5 relu dense 10 softmax ¦ layer 1, character 14: 'dense' begins a layer: write a"
            + " comma before it",
        "dense 5 relu,, dense 2 ¦ layer 2, character 14: a layer is missing here; layers are"
            + " separated by single commas, as in 'dense 512 relu, dense 10 softmax'",
        "dense 5 relu, ¦ layer 2, character 14: a layer is missing here; layers are separated by"
            + " single commas, as in 'dense 512 relu, dense 10 softmax'",
        "dense 5 elu(-1) ¦ layer 1, character 9: 'elu(-1)': elu's parameter must be a number above"
            + " 0, as in 'elu(0.5)'",
        "dense 5 elu(0,5) ¦ layer 1, character 9: 'elu(0,5)': elu's parameter must be a number"
            + " above 0, as in 'elu(0.5)'",
        "dense 5 elu(0.5 ¦ layer 1, character 9: 'elu(0.5': a parenthesis is not closed",
        "dense 5 softmax) ¦ layer 1, character 9: 'softmax)': ')' closes no parenthesis",
        "dense 5 elu() ¦ layer 1, character 9: 'elu()': elu's parameter must be a number above 0,"
            + " as in 'elu(0.5)'",
        "dense 5 elu(infinity) ¦ layer 1, character 9: 'elu(infinity)': elu's parameter must be a"
            + " number above 0, as in 'elu(0.5)'",
        "dense 5 elu(0.5)x ¦ layer 1, character 9: 'elu(0.5)x': elu's parameter must be a number"
            + " above 0, as in 'elu(0.5)'",
        "dense 5 relu(2) ¦ layer 1, character 9: 'relu(2)': relu takes no parameter; write 'relu'",
        "dense 1 softmax ¦ layer 1, character 7: a softmax over 1 unit is always 1: write 'dense 1"
            + " sigmoid' for two classes, or 'dense 2 softmax'",
        "{\"layer\": []} ¦ a network in JSON is written {\"layers\": [{\"kind\": \"dense\","
            + " \"units\": 512, \"activation\": \"relu\"}, …]}; there is no list \"layers\"",
        "{\"layers\": []} ¦ a network has at least one layer, as in 'dense 512 relu, dense 10"
            + " softmax'",
        "{\"layers\": [5]} ¦ layer 1: 5 is no layer; one is written {\"kind\": \"dense\","
            + " \"units\": 512, \"activation\": \"relu\"}",
        "{\"layers\": [{\"units\": 5}]} ¦ layer 1: \"kind\" is missing",
        "{\"layers\": [{\"kind\": \"danse\"}]} ¦ layer 1: 'danse' is no kind of layer (known: dense,"
            + " conv, max-pool, average-pool, global-average-pool, flatten, dropout, residual, batchnorm); did you mean 'dense'?",
        "{\"layers\": [{\"kind\": \"dense\"}]} ¦ layer 1: \"units\" is missing",
        "{\"layers\": [{\"kind\": \"dense\", \"units\": \"5\"}]} ¦ layer 1: \"units\" must be a"
            + " whole number from 1 to 2147483647, not \"5\"",
        "{\"layers\": [{\"kind\": \"dense\", \"units\": 2.5}]} ¦ layer 1: \"units\" must be a whole"
            + " number from 1 to 2147483647, not 2.5",
        "{\"layers\": [{\"kind\": \"dense\", \"units\": 5, \"activaton\": \"relu\"}]} ¦ layer 1:"
            + " \"activaton\" is no member of a layer of this kind (known: activation, kind, units);"
            + " did you mean 'activation'?",
        "{\"layers\": [{\"kind\": \"dense\", \"units\": 5, \"bias\": 1}]} ¦ layer 1: \"bias\" is"
            + " no member of a layer of this kind (known: activation, kind, units)",
        "conv ¦ layer 1, character 1: 'conv' needs its number of channels; it is written " + CONV,
        "conv 3x3 ¦ layer 1, character 6: '3x3' is no number of channels; this layer is written "
            + CONV,
        "conv 32 ¦ layer 1, character 6: '32' needs the size of its window; it is written " + CONV,
        "conv 32 relu ¦ layer 1, character 9: 'relu' is no size of a window; write HEIGHTxWIDTH, as"
            + " in '3x3'",
        "conv 0 3x3 ¦ layer 1, character 6: a convolution has at least 1 channel, not 0",
        "conv 8 0x3 ¦ layer 1, character 8: a window of 0x3: both sides are at least 1",
        "conv 8 2000x3 ¦ layer 1, character 8: 2000x3: at most 1024x1024 is possible",
        "conv 8 3x3 strid 2 ¦ layer 1, character 12: 'strid' is no option of this layer (known:"
            + " stride, padding, bias); did you mean 'stride'?",
        "conv 8 3x3 stride ¦ layer 1, character 12: 'stride' needs a number of pixels, as in 'stride"
            + " 2'; it is written "
            + CONV,
        "conv 8 3x3 stride 0 ¦ layer 1, character 19: stride 0x0: both sides are at least 1",
        "conv 8 3x3 stride 2 relu stride 3 ¦ layer 1, character 26: 'stride' is one word too many;"
            + " this layer is written "
            + CONV,
        "conv 8 3x3 stride 2 stride 3 ¦ layer 1, character 21: 'stride' is said twice",
        "conv 8 3x3 padding wide ¦ layer 1, character 20: 'wide' is no padding; write 'padding"
            + " same', 'padding valid' or 'padding 1'",
        "conv 8 3x3 padding 3 ¦ layer 1, character 6: padding 3: a window of 3x3 would lie in the"
            + " padding alone; at most 2 is possible",
        "conv 8 3x3 bias 3 ¦ layer 1, character 17: '3': only 'bias none' is possible; without it"
            + " there are biases",
        "conv 1 3x3 softmax ¦ layer 1, character 6: a softmax over 1 channel is always 1: use sigmoid",
        "max-pool relu ¦ layer 1, character 10: 'relu' is no size of a window; write HEIGHTxWIDTH,"
            + " as in '3x3'",
        "max-pool 2x2 bias none ¦ layer 1, character 14: 'bias' is no activation (known: linear,"
            + " sigmoid, tanh, relu, elu, elu(0.5), softmax, heaviside, sign)",
        "pool 2x2 ¦ layer 1, character 1: 'pool' is no kind of layer (known: dense, conv, max-pool,"
            + " average-pool, global-average-pool, flatten, dropout, residual, batchnorm)",
        "flatten 3 ¦ layer 1, character 9: '3' is no activation (known: linear, sigmoid, tanh, relu,"
            + " elu, elu(0.5), softmax, heaviside, sign)",
        "max-pool 2x2 dense 5 ¦ layer 1, character 14: 'dense' begins a layer: write a comma before it",
        "dropout ¦ layer 1, character 1: 'dropout' needs its rate; it is written 'dropout RATE', as in"
            + " 'dropout 0.5'",
        "dropout half ¦ layer 1, character 9: 'half' is no rate; this layer is written 'dropout RATE',"
            + " as in 'dropout 0.5'",
        "dense 3, dropout 1 ¦ layer 2, character 18: the rate of a dropout, the share that is dropped,"
            + " is at least 0 and below 1, not 1.0",
        "dropout -0.5 ¦ layer 1, character 9: the rate of a dropout, the share that is dropped, is at"
            + " least 0 and below 1, not -0.5",
        "dropout 0.5 relu ¦ layer 1, character 13: 'relu' is one word too many; this layer is written"
            + " 'dropout RATE', as in 'dropout 0.5'",
        "residual ¦ layer 1, character 1: 'residual' needs layers in parentheses; it is written "
            + RESIDUAL,
        "residual conv 3 3x3 ¦ layer 1, character 10: 'conv' is no list of layers in parentheses; this"
            + " layer is written "
            + RESIDUAL,
        "residual() relu ¦ layer 1.1, character 10: a layer is missing here; layers are separated by"
            + " single commas, as in 'dense 512 relu, dense 10 softmax'",
        "residual(dense 3 | ) ¦ layer 1.shortcut.1, character 19: a layer is missing here; layers are"
            + " separated by single commas, as in 'dense 512 relu, dense 10 softmax'",
        "residual(dense 3 | dense 3 | dense 3) ¦ layer 1, character 29: there is one shortcut at most;"
            + " this layer is written "
            + RESIDUAL,
        "dense 2, residual(dense 3, dense relu) ¦ layer 2.2, character 34: 'relu' is no number of"
            + " units; a dense layer is written 'dense UNITS ACTIVATION', as in 'dense 512 relu'",
        "dense 2, residual(dense 3 | residual (dense 2, danse 3)) ¦ layer 2.shortcut.1.2, character"
            + " 48: 'danse' is no kind of layer (known: dense, conv, max-pool, average-pool,"
            + " global-average-pool, flatten, dropout, residual, batchnorm); did you mean 'dense'?",
        "residul(dense 3) ¦ layer 1, character 1: 'residul' is no kind of layer (known: dense, conv,"
            + " max-pool, average-pool, global-average-pool, flatten, dropout, residual, batchnorm); did you mean"
            + " 'residual'?",
        "residual(dense 3 ¦ layer 1, character 9: '(dense 3': a parenthesis is not closed",
        "residual(dense 3)relu tanh ¦ layer 1, character 23: 'tanh' is one word too many; this layer is"
            + " written "
            + RESIDUAL,
        "{\"layers\": [{\"kind\": \"residual\"}]} ¦ layer 1: \"layers\" is missing",
        "{\"layers\": [{\"kind\": \"residual\", \"layers\": []}]} ¦ layer 1: a residual block has at"
            + " least one layer beside its shortcut",
        "{\"layers\": [{\"kind\": \"residual\", \"layers\": 5}]} ¦ layer 1: \"layers\" must be a list"
            + " of layers, not 5",
        "{\"layers\": [{\"kind\": \"residual\", \"layers\": [{\"kind\": \"flatten\"}], \"shortcut\":"
            + " [{\"kind\": \"dense\"}]}]} ¦ layer 1.shortcut.1: \"units\" is missing",
        "batchnorm ghost 1 ¦ layer 1, character 17: a ghost has at least 2 examples, not 1: a single one"
            + " has no variance",
        "batchnorm ghost many ¦ layer 1, character 17: 'many' is no number of examples; this layer is"
            + " written "
            + BATCHNORM,
        "batchnorm ghost ¦ layer 1, character 11: 'ghost' needs a number of examples, as in 'ghost 32';"
            + " it is written "
            + BATCHNORM,
        "batchnorm whole ghost 4 ¦ layer 1, character 17: 'ghost': what the statistics are of, or a"
            + " number, is said twice",
        "batchnorm momentum 0 ¦ layer 1, character 20: the momentum of a batch normalization, the share"
            + " of a new mean in the running one, is above 0 and at most 1, not 0.0",
        "batchnorm epsilon -1 ¦ layer 1, character 19: the epsilon of a batch normalization is a number"
            + " above 0, such as 0.00001, not -1.0",
        "batchnorm gost 32 ¦ layer 1, character 11: 'gost' is no option of this layer (known: ghost,"
            + " whole, momentum, epsilon); did you mean 'ghost'?",
        "batchnorm relu ghost 32 ¦ layer 1, character 16: 'ghost' is one word too many; this layer is"
            + " written "
            + BATCHNORM,
        "batchnorm 32 ¦ layer 1, character 11: '32' is no activation (known: linear, sigmoid, tanh, relu,"
            + " elu, elu(0.5), softmax, heaviside, sign)",
        "{\"layers\": [{\"kind\": \"batchnorm\", \"ghost\": \"all\"}]} ¦ layer 1: \"ghost\" must be a number"
            + " of examples or \"whole\", not \"all\"",
        "{\"layers\": [{\"kind\": \"batchnorm\", \"ghost\": 1}]} ¦ layer 1: a ghost has at least 2"
            + " examples, not 1: a single one has no variance",
        "{\"layers\": [{\"kind\": \"dropout\", \"rate\": \"half\"}]} ¦ layer 1: \"rate\" must be a"
            + " number, not \"half\"",
        "{\"layers\": [{\"kind\": \"conv\", \"channels\": 3, \"kernel\": [3]}]} ¦ layer 1:"
            + " \"kernel\" must be a list of height and width, as in [3, 3], not [3]",
        "{\"layers\": [{\"kind\": \"conv\", \"channels\": 3, \"kernel\": 3, \"padding\":"
            + " \"wide\"}]} ¦ layer 1: \"padding\" must be \"same\", \"valid\" or pixels, as in [1,"
            + " 1], not \"wide\"",
        "{\"layers\": [{\"kind\": \"conv\", \"channels\": 3, \"kernel\": 3, \"bias\":"
            + " \"none\"}]} ¦ layer 1: \"bias\" must be true or false, not \"none\"",
        "{\"layers\": [{\"kind\": \"max-pool\", \"size\": 2, \"channels\": 3}]} ¦ layer 1:"
            + " \"channels\" is no member of a layer of this kind (known: activation, kind, padding,"
            + " size, stride)",
        "{\"layers\": [{\"kind\": \"dense\", \"units\": 5}, {\"kind\": \"dense\", \"units\": 5,"
            + " \"activation\": 3}]} ¦ layer 2: \"activation\" must be a text, not 3",
      })
  void parse_wrongText_saysWhereAndWhatIsRight(String text, String sentence) {
    UserError error = assertThrows(UserError.class, () -> NetworkDescription.parse(text));
    assertEquals(sentence, error.getMessage());
  }

  @Test
  void parse_lossAndInitialization_roundTripOrSayWhatIsRight() {
    for (Loss loss : Loss.values()) {
      assertEquals(loss, Loss.parse(loss.word()));
    }
    for (Initialization.Weights weights : Initialization.Weights.values()) {
      for (boolean biases : new boolean[] {false, true}) {
        Initialization initialization = new Initialization(weights, biases);
        assertEquals(initialization, Initialization.parse(initialization.toWords()));
      }
    }
    assertEquals(
        "'crossentropy' is no loss (known: mse and half-mse, squared errors; bce, binary"
            + " cross-entropy; cce, categorical cross-entropy)",
        assertThrows(UserError.class, () -> Loss.parse("crossentropy")).getMessage());
    assertEquals(
        "'xce' is no loss (known: mse and half-mse, squared errors; bce, binary cross-entropy; cce,"
            + " categorical cross-entropy); did you mean 'bce'?",
        assertThrows(UserError.class, () -> Loss.parse("xce")).getMessage());
    assertEquals(
        "'glorrot' is no initialization (known: auto, glorot, he, normal, zeros, each also with"
            + " '+biases' for biases from N(0, 1)); did you mean 'glorot'?",
        assertThrows(UserError.class, () -> Initialization.parse("glorrot")).getMessage());
  }

  @Test
  void parse_brokenJson_saysLineAndColumn() {
    String text = "{\"layers\": [\n{\"kind\": \"dense\" \"units\": 5}]}";
    String message =
        assertThrows(UserError.class, () -> NetworkDescription.parse(text)).getMessage();
    assertTrue(
        message.matches("the network is not valid JSON at line 2, column 1[78]: [^\n]+"), message);
  }

  @Test
  void following_lastActivation_isItsLoss() {
    assertEquals(Loss.CATEGORICAL_CROSS_ENTROPY, Loss.following(Activation.SOFTMAX));
    assertEquals(Loss.BINARY_CROSS_ENTROPY, Loss.following(Activation.SIGMOID));
    assertEquals(Loss.MEAN_SQUARED_ERROR, Loss.following(Activation.LINEAR));
    assertEquals(Loss.MEAN_SQUARED_ERROR, Loss.following(Activation.TANH));
  }
}
