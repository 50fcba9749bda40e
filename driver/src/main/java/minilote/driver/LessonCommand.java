package minilote.driver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.driver.lesson.Classroom;
import minilote.driver.lesson.Findings;
import minilote.driver.lesson.Language;
import minilote.driver.lesson.Lesson;
import minilote.driver.lesson.LessonData;
import minilote.driver.lesson.LessonHtml;
import minilote.driver.lesson.LessonOption;
import minilote.driver.lesson.LessonText;
import minilote.driver.lesson.Lessons;
import minilote.driver.report.LessonPage;
import minilote.trainer.run.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The systems of the course, each to be run and seen. */
@Command(
    name = "lesson",
    description = {
      "Runs one of the systems that a course on neural networks teaches, from threshold units to what the batch size does, and says what it shows. Without a name: the list."
    },
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} lesson [NAME|all] [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} lesson",
      "  ${ROOT-COMMAND-NAME} lesson xor --out lessons",
      "  ${ROOT-COMMAND-NAME} lesson all --language es --out lessons"
    })
final class LessonCommand extends MiniloteCommand {
  /** All lessons as one page. */
  private static final String ALL = "all";

  private static final String PAGE_OF_ALL = "lessons";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Of the lesson, or all. Default: they are listed.")
  private @Nullable String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A folder for the page with the drawings, NAME.html. Default: none is made.")
  private @Nullable String out;

  @Option(names = "--overwrite", description = "Replace the page where it is there already.")
  private boolean overwrite;

  @Option(
      names = "--language",
      paramLabel = "en|es",
      defaultValue = "en",
      description = "English or Spanish. Default: ${DEFAULT-VALUE}.")
  private String language;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of all that is random. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Your own examples, for the lessons perceptron and backpropagation.")
  private java.nio.file.@Nullable Path csv;

  @Option(
      names = "--trace",
      paramLabel = "NETWORK",
      description =
          "Your own small network, for the lesson backpropagation: \"dense 2 tanh, dense 1 sigmoid\".")
  private @Nullable String trace;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A folder with prepared data sets: mnist, fashion-mnist, cifar-10. Default: images that the program carries.")
  private java.nio.file.@Nullable Path data;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  LessonCommand() {}

  @Override
  int run(Output output) throws IOException {
    Language in = Language.parse(language);
    if (name == null) {
      if (out != null) {
        throw new UserError(
            "--out %s: there is no lesson to write; name one, or all".formatted(out));
      }
      given()
          .forEach(
              (option, value) -> {
                throw new UserError(
                    "%s %s: there is no lesson that takes it; name one, or all"
                        .formatted(option.word(), value));
              });
      output.result(list(in), table(in));
      return DONE;
    }
    required("NAME", name);
    List<Lesson> lessons = name.equals(ALL) ? Lessons.ALL : List.of(Lessons.named(name));
    checkOptions(lessons);
    int executorWait = onSpark.executorWait();
    SparkConf conf = SparkStart.settings(spec.name());
    Configuration hadoop = SparkStart.hadoop(conf);
    Path page = page(hadoop);
    if (lessons.stream().noneMatch(Lesson::onSpark)) {
      return work(lessons, in, page, hadoop, null, output);
    }
    return SparkStart.during(
        conf, executorWait, output, spark -> work(lessons, in, page, hadoop, spark, output));
  }

  /** What was given of the options that only some lessons take. */
  private Map<LessonOption, Object> given() {
    Map<LessonOption, Object> given = new EnumMap<>(LessonOption.class);
    if (csv != null) {
      given.put(LessonOption.CSV, csv);
    }
    if (trace != null) {
      given.put(LessonOption.TRACE, trace);
    }
    if (data != null) {
      given.put(LessonOption.DATA, data);
    }
    return given;
  }

  private void checkOptions(List<Lesson> lessons) {
    given()
        .forEach(
            (option, value) -> {
              if (!isTaken(lessons, option)) {
                throw new UserError(
                    "%s %s: the lesson %s takes none; it is for %s"
                        .formatted(
                            option.word(),
                            value,
                            name,
                            Lessons.ALL.stream()
                                .filter(lesson -> lesson.options().contains(option))
                                .map(Lesson::name)
                                .collect(Collectors.joining(", "))));
              }
            });
    if (csv != null && lessons.size() > 1) {
      throw new UserError(
          "--csv %s: it is for one lesson, perceptron or backpropagation, not for all"
              .formatted(csv));
    }
  }

  /** Where the page is to be; null where none is wanted. */
  private @Nullable Path page(Configuration hadoop) throws IOException {
    if (out == null) {
      if (overwrite) {
        throw new UserError("--overwrite: there is no --out DIR with a page to replace");
      }
      return null;
    }
    Path folder = Locations.of("--out", out, hadoop);
    Path page = new Path(folder, (ALL.equals(name) ? PAGE_OF_ALL : name) + ".html");
    FileSystem files = Files.fileSystem(folder, hadoop);
    if (files.exists(folder) && !files.getFileStatus(folder).isDirectory()) {
      throw new UserError("--out %s: it is a file, where a folder is needed".formatted(out));
    }
    if (files.exists(page) && !overwrite) {
      throw new UserError(
          "--out %s: %s is there already; --overwrite replaces it".formatted(out, page.getName()));
    }
    try {
      files.mkdirs(folder); // Before the work, which would be for nothing.
    } catch (IOException e) {
      throw new UserError("--out %s: no folder can be made there".formatted(out), e);
    }
    return page;
  }

  private int work(
      List<Lesson> lessons,
      Language in,
      @Nullable Path page,
      Configuration hadoop,
      @Nullable JavaSparkContext spark,
      Output output)
      throws IOException {
    List<LessonPage.Section> sections = new ArrayList<>();
    ObjectNode json = Json.object();
    StringBuilder words = new StringBuilder();
    try (LessonData images = new LessonData(data, hadoop)) {
      for (Lesson lesson : lessons) {
        LessonText text = LessonText.of(lesson.name(), in);
        if (lessons.size() > 1) {
          output.say("lesson " + lesson.name());
        }
        Findings findings;
        try (WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
          findings =
              lesson.work(new Classroom(seed, csv, trace, images, console, hadoop, spark), text);
        }
        sections.add(section(lesson, text, findings, in));
        json.set(lesson.name(), findings.toJson());
        words.append(LessonTerminal.of(text, findings)).append("\n\n\n");
      }
    }
    if (page != null) {
      Files.write(page, page(sections, in), hadoop);
    }
    json.put("page", page == null ? null : page.toString());
    String place =
        page == null
            ? (in == Language.ES
                    ? "Los dibujos: %s --out lecciones"
                    : "Its drawings: %s --out lessons")
                .formatted(command(lessons, in))
            : (in == Language.ES ? "página  " : "page  ") + page;
    output.result(json, words.toString().stripTrailing() + "\n\n" + place);
    return DONE;
  }

  private LessonPage.Section section(
      Lesson lesson, LessonText text, Findings findings, Language in) {
    return new LessonPage.Section(
        lesson.name(),
        text.title(),
        text.summary(),
        LessonHtml.of(text, findings, Minilote.COMMAND),
        in == Language.ES ? "Para repetirla:" : "To run it again:",
        command(List.of(lesson), in));
  }

  /** What makes lessons again: one, or all. */
  private String command(List<Lesson> lessons, Language in) {
    StringBuilder command = new StringBuilder(Minilote.COMMAND + " lesson ");
    command.append(lessons.size() > 1 ? ALL : lessons.get(0).name());
    if (csv != null) {
      command.append(" --csv ").append(ShellWord.quoted(csv.toString()));
    }
    if (trace != null && isTaken(lessons, LessonOption.TRACE)) {
      command.append(" --trace ").append(ShellWord.quoted(trace));
    }
    if (data != null && isTaken(lessons, LessonOption.DATA)) {
      command.append(" --data ").append(ShellWord.quoted(data.toString()));
    }
    if (seed != 0) {
      command.append(" --seed ").append(seed);
    }
    if (in != Language.EN) {
      command.append(" --language ").append(in.word());
    }
    return command.toString();
  }

  private static boolean isTaken(List<Lesson> lessons, LessonOption option) {
    return lessons.stream().anyMatch(lesson -> lesson.options().contains(option));
  }

  private String page(List<LessonPage.Section> sections, Language in) {
    if (!ALL.equals(name)) {
      return LessonPage.of(in.word(), sections.get(0));
    }
    return in == Language.ES
        ? LessonPage.of(
            in.word(),
            "De la unidad de umbral al tamaño del lote",
            "Los sistemas de un curso de redes neuronales, calculados por el programa con el que también se entrenan redes grandes.",
            sections)
        : LessonPage.of(
            in.word(),
            "From the threshold unit to the size of the batch",
            "The systems of a course on neural networks, computed by the program that also trains large ones.",
            sections);
  }

  private static ObjectNode list(Language in) {
    ObjectNode json = Json.object();
    ArrayNode lessons = json.putArray("lessons");
    for (Lesson lesson : Lessons.ALL) {
      LessonText text = LessonText.of(lesson.name(), in);
      lessons
          .addObject()
          .put("name", lesson.name())
          .put("title", text.title())
          .put("summary", text.summary());
    }
    return json;
  }

  private static String table(Language in) {
    int longest = Lessons.ALL.stream().mapToInt(lesson -> lesson.name().length()).max().orElse(0);
    StringBuilder table = new StringBuilder();
    for (Lesson lesson : Lessons.ALL) {
      String indent = " ".repeat(longest + 2);
      table
          .append(
              TextTable.wrap(
                  lesson.name()
                      + indent.substring(lesson.name().length())
                      + LessonText.of(lesson.name(), in).title(),
                  Terminal.WIDTH - 1,
                  indent))
          .append('\n');
    }
    return table.toString().stripTrailing();
  }
}
