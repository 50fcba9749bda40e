package minilote.datasets.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import minilote.datasets.ProgressListener;
import minilote.datasets.TestData;
import minilote.datasets.UserError;
import minilote.datasets.download.FileServer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DownloadedSourceTest {
  @TempDir Path folder;

  private Prepared run(PreparationSettings.Builder settings) throws IOException {
    return new Preparation(
            settings.to(folder.resolve("to").toString()).cache(folder.resolve("cache")).build(),
            new Configuration(false))
        .run(ProgressListener.NONE);
  }

  private static String base(FileServer server) {
    return server.uri().toString().replace("file.bin", "");
  }

  @Test
  void run_tableBehindHttp_isDownloadedEachTime() throws IOException {
    byte[] first = "1,a\n2,b\n3,a\n".getBytes(StandardCharsets.UTF_8);
    byte[] second = "1,a\n2,b\n3,a\n4,b\n".getBytes(StandardCharsets.UTF_8);
    try (FileServer server =
        new FileServer(FileServer.good(first, "\"1\""), FileServer.good(second, "\"2\""))) {
      PreparationSettings.Builder settings =
          PreparationSettings.of("csv").from(base(server) + "t.csv?v=1").testFraction(0.0);
      Prepared prepared = run(settings);
      assertEquals("t", prepared.dataset().name());
      assertEquals(3, prepared.dataset().split("train").examples());
      assertEquals(4, run(settings.overwrite(true)).dataset().split("train").examples());
    }
  }

  @Test
  void run_mirrorOfAnArchive_isHeldAgainstTheOfficialDigest() throws IOException {
    Path cifar = Files.createDirectory(folder.resolve("cifar"));
    TestData.writeCifar10(cifar);
    Path archive = folder.resolve("a.tar.gz");
    TestData.writeTarGz(archive, "cifar-10-batches-bin/", cifar);
    try (FileServer server =
        new FileServer(FileServer.good(Files.readAllBytes(archive), "\"1\""))) {
      for (String from : new String[] {base(server), base(server) + "cifar-10-binary.tar.gz"}) {
        UserError e =
            assertThrows(UserError.class, () -> run(PreparationSettings.of("cifar-10").from(from)));
        assertTrue(
            e.getMessage().startsWith(base(server) + "cifar-10-binary.tar.gz has SHA-256 "),
            e.getMessage());
        assertTrue(e.getMessage().contains(" where cifar-10-binary.tar.gz has c4a38c50a1bc"));
      }
    }
    assertTrue(Files.notExists(folder.resolve("to")));
  }

  @Test
  void run_mirrorWithoutTheFiles_saysWhichAddressAnswersWhat() throws IOException {
    try (FileServer server = new FileServer(FileServer.status(404))) {
      String from = base(server) + "mirror";
      UserError e =
          assertThrows(UserError.class, () -> run(PreparationSettings.of("mnist").from(from)));
      assertEquals(
          from
              + "/train-images-idx3-ubyte.gz answers 404 instead of the file: check the address, or"
              + " download it yourself and say where it is (--from)",
          e.getMessage());
    }
  }
}
