package minilote.datasets.download;

import java.net.URI;
import java.util.List;
import minilote.datasets.UserError;

/**
 * An official archive: where its files are and what they are.
 *
 * @param dataset its name in this program
 * @param folder the address that the files' names are added to
 * @param files in it
 */
public record Archive(String dataset, URI folder, List<File> files) {
  /** Every archive that this program knows; the one place that has their addresses. */
  public static final List<Archive> ALL =
      List.of(
          new Archive(
              "cifar-10",
              URI.create("https://www.cs.toronto.edu/~kriz/"),
              List.of(
                  new File(
                      "cifar-10-binary.tar.gz",
                      170_052_171,
                      "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"))),
          new Archive(
              "cifar-100",
              URI.create("https://www.cs.toronto.edu/~kriz/"),
              List.of(
                  new File(
                      "cifar-100-binary.tar.gz",
                      168_513_733,
                      "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"))),
          new Archive(
              "mnist",
              URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
              List.of(
                  new File(
                      "train-images-idx3-ubyte.gz",
                      9_912_422,
                      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                  new File(
                      "train-labels-idx1-ubyte.gz",
                      28_881,
                      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                  new File(
                      "t10k-images-idx3-ubyte.gz",
                      1_648_877,
                      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                  new File(
                      "t10k-labels-idx1-ubyte.gz",
                      4_542,
                      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"))),
          new Archive(
              "fashion-mnist",
              URI.create("https://fashion-mnist.s3.eu-central-1.amazonaws.com/"),
              List.of(
                  new File(
                      "train-images-idx3-ubyte.gz",
                      26_421_880,
                      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                  new File(
                      "train-labels-idx1-ubyte.gz",
                      29_515,
                      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                  new File(
                      "t10k-images-idx3-ubyte.gz",
                      4_422_102,
                      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                  new File(
                      "t10k-labels-idx1-ubyte.gz",
                      5_148,
                      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"))));

  public Archive {
    files = List.copyOf(files);
  }

  /**
   * One file of an archive.
   *
   * @param bytes its length
   * @param sha256 in lower-case hexadecimal digits
   */
  public record File(String name, long bytes, String sha256) {}

  /**
   * The archive of a data set.
   *
   * @throws UserError when none is known
   */
  public static Archive of(String dataset) {
    return ALL.stream()
        .filter(archive -> archive.dataset().equals(dataset))
        .findFirst()
        .orElseThrow(
            () -> new UserError("no archive of " + dataset + " is known: say where it is"));
  }
}
