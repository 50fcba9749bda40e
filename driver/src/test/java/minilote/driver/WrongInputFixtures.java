package minilote.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@link WrongInputTest} gives the program: good data and runs, and damaged copies of them.
 */
final class WrongInputFixtures {
  private WrongInputFixtures() {}

  static void make(Path folder) throws IOException {
    Fixtures files = new Fixtures(folder);
    good(files);
    damagedData(files);
    damagedRuns(files);
    damagedSources(files);
    files.text("broken.json", "{\"layers\": [");
    files.text("kind.json", "{\"layers\": [{\"kind\": \"recurrent\"}]}");
    files.text("wrong.txt", "# for this test\n\ndense 8 relu,\n# more\n  dense three softmax\n");
    files.text("comment.txt", "# nothing but this\n");
    files.text("bad.yaml", "batch: [8, 16\nseeds: 3\n");
    files.text("name.yaml", "data: data\nnetwork: dense 3 softmax\nbacth: [8, 16]\n");
    files.text("nobatch.yaml", "data: data\nnetwork: dense 3 softmax\nbatch: []\n");
    files.text("noarms.yaml", "data: data\nnetwork: dense 3 softmax\narms: []\n");
    Files.createDirectories(files.path("empty"));
  }

  private static void good(Fixtures files) throws IOException {
    files.table("table.csv");
    files.images("images");
    files.image("image.png", 100);
    Program.succeed(
        "prepare",
        "--dataset",
        "csv",
        "--from",
        files.name("table.csv"),
        "--to",
        files.name("data"));
    Program.succeed(
        "prepare",
        "--dataset",
        "images",
        "--from",
        files.name("images"),
        "--to",
        files.name("pixels"));
    train(files, "data", "dense 3 softmax", "run");
    train(files, "pixels", "dense 2 softmax", "pixelrun");
  }

  private static void train(Fixtures files, String data, String network, String out) {
    Program.succeed(
        "train",
        "--data",
        files.name(data),
        "--network",
        network,
        "--batch",
        "8",
        "--epochs",
        "1",
        "--out",
        files.name(out));
  }

  private static void damagedData(Fixtures files) throws IOException {
    files.text("badjson/dataset.json", "{\"format_version\": 1,");
    files.copy("data", "badsum");
    files.edit("badsum/dataset.json", "\"examples\" : 48", "\"examples\" : 50");
    files.copy("data", "cutshard");
    files.cut("cutshard/train/part-00000.bin", 3);
    files.copy("data", "flipped");
    files.flip("flipped/train/part-00000.bin", 100);
  }

  private static void damagedRuns(Fixtures files) throws IOException {
    files.copy("run", "unfinished");
    Files.delete(files.path("unfinished/result.json"));
    files.copy("run", "badrun");
    files.cut("badrun/run.json", 20);
    files.copy("run", "otherdata");
    files.edit("table.csv", "0.5,0,0,a", "0.5,0,0,b");
    Program.succeed(
        "prepare",
        "--dataset",
        "csv",
        "--from",
        files.name("table.csv"),
        "--to",
        files.name("data2"));
    files.edit("otherdata/run.json", files.name("data"), files.name("data2"));
    files.copy("run", "cutmodel");
    files.cut("cutmodel/model.safetensors", 5);
  }

  private static void damagedSources(Fixtures files) throws IOException {
    files.text("ragged.csv", "a,b,kind\n1,2,x\n3,y\n");
    files.text("words.csv", "a,b,kind\n1,2,x\n3,four,y\n");
    files.text("bad.libsvm", "1 1:0.5 2:1\n2 1:0.25 two:1\n");
    files.bytes("badcifar/data_batch_1.bin", files.cifarRecord(11));
    for (int batch = 2; batch <= 5; batch++) {
      files.bytes("badcifar/data_batch_" + batch + ".bin", files.cifarRecord(1));
    }
    files.bytes("badcifar/test_batch.bin", files.cifarRecord(1));
    files.bytes("badidx/train-images-idx3-ubyte", files.idxHeader(0x801, 1, 28, 28));
    files.bytes("badidx/train-labels-idx1-ubyte", files.idxHeader(0x801, 1));
    files.bytes("badidx/t10k-images-idx3-ubyte", files.idxHeader(0x803, 1, 28, 28));
    files.bytes("badidx/t10k-labels-idx1-ubyte", files.idxHeader(0x801, 1));
    byte[] image = Files.readAllBytes(files.path("image.png"));
    files.bytes("cut.png", java.util.Arrays.copyOf(image, image.length - 30));
    files.copy("images", "cutimages");
    files.bytes("cutimages/dark/9.png", "no image".getBytes(StandardCharsets.UTF_8));
  }
}
