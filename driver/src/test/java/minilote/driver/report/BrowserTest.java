package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The report as a browser shows it. Runs in the profile {@code browser}, where there is Chromium.
 */
@Tag("browser")
class BrowserTest {
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars",
          "--enable-logging=stderr");

  @TempDir Path folder;

  private static String chromium() {
    String found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .flatMap(
                path ->
                    Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(path, name)))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst()
            .orElse("");
    assumeTrue(!found.isEmpty(), "no Chromium on the path: apt-get install chromium");
    return found;
  }

  private record Shown(String output, String errors) {}

  private Shown show(String... more) throws IOException, InterruptedException {
    Path page = folder.resolve("report.html");
    Files.writeString(
        page,
        new Report(ReportRuns.run(10), ReportRuns.metrics(10, true, true), ReportRuns.result(10))
            .toHtml());
    List<String> command = new ArrayList<>(List.of(chromium()));
    command.addAll(FLAGS);
    command.add("--user-data-dir=" + folder.resolve("profile"));
    command.addAll(List.of(more));
    command.add(page.toUri().toString());
    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Chromium does not end:\n" + Files.readString(errors));
    }
    return new Shown(Files.readString(output), Files.readString(errors));
  }

  @Test
  void report_inABrowser_hasItsChartsAndNoErrorOnTheConsole() throws Exception {
    Shown shown = show("--dump-dom");
    assertEquals(5, shown.output().split("<svg class=\"chart\"", -1).length - 1, shown.output());
    assertTrue(shown.output().contains("training from 1.632 to 0.2496"), shown.output());
    assertEquals(
        List.of(), shown.errors().lines().filter(line -> line.contains("CONSOLE")).toList());
  }

  @Test
  void report_inLightAndDark_isDrawnInTheirColours() throws Exception {
    assertEquals(0xffffff, background("--blink-settings=preferredColorScheme=1"));
    assertEquals(0x14181d, background("--blink-settings=preferredColorScheme=0"));
  }

  /** The colour of a corner of the page, which has many others besides. */
  private int background(String scheme) throws IOException, InterruptedException {
    Path picture = folder.resolve("page.png");
    Shown shown = show(scheme, "--window-size=1200,1600", "--screenshot=" + picture);
    BufferedImage image = ImageIO.read(picture.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y += 2) {
      for (int x = 0; x < image.getWidth(); x += 2) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertTrue(colours.size() > 50, colours.size() + " colours\n" + shown.errors());
    return image.getRGB(2, 2) & 0xffffff;
  }
}
