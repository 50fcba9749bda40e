package minilote.datasets.prepare;

import static minilote.datasets.TestData.bytes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import minilote.datasets.TargetKind;
import minilote.datasets.TestData;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** CSV and LIBSVM files that are not what they should be. */
class WrongTablesTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> run_wrongInput_isRefusedInOneSentence() {
    WrongInputs inputs = new WrongInputs();
    addCsv(inputs);
    addLibsvm(inputs);
    return inputs.tests(folder, 45);
  }

  private static void addCsv(WrongInputs inputs) {
    inputs.table("empty file", "csv", "", "DIR/t is empty");
    inputs.table("header alone", "csv", "a,b\n", "DIR/t has no rows of examples");
    inputs.table(
        "one column",
        "csv",
        "1;2\n3;4\n",
        "DIR/t has a single column, so no features beside the target: is the delimiter another one"
            + " than ','?");
    inputs.table(
        "NaN",
        "csv",
        "a,b,c\n1,2,x\n3,NaN,y\n",
        "DIR/t, line 3, column 2 (b) is \"NaN\" where a number is needed");
    inputs.table(
        "text in a numeric column",
        "csv",
        "1,2,x\n3,4,y\nfive,6,x\n",
        "DIR/t, line 3, column 1 is \"five\" where a number is needed");
    inputs.table(
        "missing value",
        "csv",
        "a,b,c\n1,,x\n3,4,y\n",
        "DIR/t, line 2, column 2 (b) is empty where a number is needed");
    inputs.table(
        "number beyond floats",
        "csv",
        "a,b\n1e39,x\n1,y\n",
        "DIR/t, line 2, column 1 (a) is 1e39, beyond what a float can hold (3.4e38)");
    inputs.table(
        "row too short",
        "csv",
        "a,b,c\n1,2,x\n3,4\n",
        "DIR/t, line 3, column 3: the row has 2 fields where the first one has 3");
    inputs.table(
        "row too long",
        "csv",
        "a,b,c\n1,2,x\n\n3,4,y,7\n",
        "DIR/t, line 4, column 4: the row has 4 fields where the first one has 3");
    inputs.table(
        "two columns of one name",
        "csv",
        "a,b,a,c\n1,2,3,x\n",
        "DIR/t, line 1, column 3 (a) has the same name as column 1");
    inputs.table(
        "class missing",
        "csv",
        "a,c\n1,x\n2,\n",
        "DIR/t, line 3, column 2 (c) is empty where a class is needed");
    inputs.table(
        "one class",
        "csv",
        "a,c\n1,x\n2,x\n",
        "DIR/t has 1 class in column c, there must be at least 2");
    inputs.table(
        "quote not closed",
        "csv",
        "a,c\n1,x\n2,\"y\n3,z\n",
        "DIR/t cannot be read as CSV in line 4: (startline 3) EOF reached before encapsulated token"
            + " finished");
    inputs.add(
        "not UTF-8",
        "csv",
        folder -> TestData.write(folder, "t", bytes('1', ',', 0xff, '\n')),
        s -> s.from("DIR/t"),
        "DIR/t is no UTF-8 text in line 1 or soon after");
    inputs.table(
        "unknown target column",
        "csv",
        "a,b,c\n1,2,x\n",
        s -> s.targetColumns(List.of("d")),
        "DIR/t has no column \"d\", only a, b, c");
    inputs.table(
        "target column by name without header",
        "csv",
        "1,2,x\n",
        s -> s.targetColumns(List.of("d")),
        "DIR/t has no header row, so that the target column \"d\" must be a number from 1 to 3");
    inputs.table(
        "target column beyond the last",
        "csv",
        "1,2,x\n",
        s -> s.targetColumns(List.of("4")),
        "DIR/t has the columns 1 to 3, the target column 4 is none of them");
    inputs.table(
        "target column 0",
        "csv",
        "1,2,x\n",
        s -> s.targetColumns(List.of("0")),
        "DIR/t has the columns 1 to 3, the target column 0 is none of them");
    inputs.table(
        "target column twice",
        "csv",
        "a,b\n1,2\n",
        s -> s.target(TargetKind.NUMBERS).targetColumns(List.of("a", "1")),
        "the target column \"1\" is given twice");
    inputs.table(
        "no features left",
        "csv",
        "a,b\n1,2\n",
        s -> s.target(TargetKind.NUMBERS).targetColumns(List.of("a", "b")),
        "DIR/t has only target columns, so no features");
    inputs.table(
        "two columns for one class",
        "csv",
        "a,b,c\n1,2,3\n",
        s -> s.targetColumns(List.of("a", "b")),
        "a class is one target column, not 2 (a, b): several are labels or numbers");
    inputs.table(
        "label neither 0 nor 1",
        "csv",
        "a,b,c\n1,0,1\n2,0,2\n",
        s -> s.target(TargetKind.LABELS).targetColumns(List.of("b", "c")),
        "DIR/t, line 3, column 3 (c) is \"2\" where a label needs 0 or 1");
    inputs.table(
        "text where a number is the target",
        "csv",
        "a,b\n1,0\n2,high\n",
        s -> s.target(TargetKind.NUMBERS),
        "DIR/t, line 3, column 2 (b) is \"high\" where a number is needed");
    inputs.table(
        "header said to be none",
        "csv",
        "a,b\n1,0\n2,1\n",
        s -> s.header(false),
        "DIR/t, line 1, column 1 is \"a\" where a number is needed");
    inputs.add(
        "test class unknown",
        "csv",
        folder -> {
          Files.writeString(folder.resolve("train.csv"), "a,c\n1,x\n2,y\n");
          Files.writeString(folder.resolve("test.csv"), "a,c\n1,x\n2,z\n");
        },
        "file:DIR/test.csv, line 3, column 2 (c) is \"z\", a class that no training row has");
    inputs.add(
        "test columns differ",
        "csv",
        folder -> {
          Files.writeString(folder.resolve("train.csv"), "a,c\n1,x\n2,y\n");
          Files.writeString(folder.resolve("test.csv"), "b,c\n1,x\n");
        },
        "file:DIR/test.csv begins with the columns b, c where the training file has a, c");
    inputs.add(
        "no training file in the folder",
        "csv",
        folder -> Files.writeString(folder.resolve("test.csv"), "b,c\n1,x\n"),
        "DIR has no file train.*: give a file, or a folder with train.* and test.*");
    inputs.add(
        "two training files in the folder",
        "csv",
        folder -> {
          Files.writeString(folder.resolve("train.csv"), "b,c\n1,x\n");
          Files.writeString(folder.resolve("train.tsv"), "b,c\n1,x\n");
        },
        settings -> settings,
        "DIR has both A and B: give one file");
  }

  private static void addLibsvm(WrongInputs inputs) {
    inputs.table("empty file", "libsvm", "\n# nothing\n", "DIR/t has no examples");
    inputs.table(
        "no features", "libsvm", "1\n2\n", "DIR/t has no features: no line has an index:value");
    inputs.table(
        "index 0",
        "libsvm",
        "1 0:1\n",
        "DIR/t, line 1, column 3 has the index 0, but LIBSVM's indices begin with 1");
    inputs.table(
        "indices that fall",
        "libsvm",
        "1 1:1\n1 3:1 2:1\n",
        "DIR/t, line 2, column 7 has the index 2 after 3, but the indices of a line must grow");
    inputs.table(
        "an index twice",
        "libsvm",
        "1 3:1  3:1\n",
        "DIR/t, line 1, column 8 has the index 3 after 3, but the indices of a line must grow");
    inputs.table(
        "index no number",
        "libsvm",
        "1 x:1\n",
        "DIR/t, line 1, column 3 has the index \"x\", it must be a whole number from 1 to 67108864");
    inputs.table(
        "gigantic index",
        "libsvm",
        "1 999999999:1\n",
        "DIR/t, line 1, column 3 has the index \"999999999\", it must be a whole number from 1 to"
            + " 67108864");
    inputs.table(
        "index too large for a record",
        "libsvm",
        "1 1:1\n2 67108864:1\n",
        "DIR/t: a record of shape [67108864] would take more than 268435456 bytes");
    inputs.table(
        "value no number",
        "libsvm",
        "1 1:1 2:two\n",
        "DIR/t, line 1, column 9 is \"two\" where a number is needed");
    inputs.table(
        "value missing",
        "libsvm",
        "1 1:1 2:\n",
        "DIR/t, line 1, column 9 is empty where a number is needed");
    inputs.table(
        "NaN value",
        "libsvm",
        "1 1:nan\n",
        "DIR/t, line 1, column 5 is \"nan\" where a number is needed");
    inputs.table(
        "no colon",
        "libsvm",
        "1 1:1 2\n",
        "DIR/t, line 1, column 7 is \"2\" where a feature needs index:value");
    inputs.table(
        "label no number",
        "libsvm",
        "1 1:1\nspam 1:1\n",
        "the label in DIR/t, line 2, column 1 is \"spam\" where a number is needed");
    inputs.table(
        "labels with an empty one",
        "libsvm",
        "1,,2 1:1\n",
        "the label in DIR/t, line 1, column 1 is empty where a number is needed");
    inputs.table(
        "one class",
        "libsvm",
        "1 1:1\n1 1:2\n",
        "DIR/t has 1 different labels, there must be at least 2");
    inputs.table(
        "several labels where a class is said",
        "libsvm",
        "1 1:1\n2,3 1:1\n",
        s -> s.target(TargetKind.CLASS),
        "DIR/t, line 2, column 1 has 2 labels where each line needs 1");
    inputs.table(
        "uneven numbers",
        "libsvm",
        "1,2 1:1\n3 1:1\n",
        s -> s.target(TargetKind.NUMBERS),
        "DIR/t, line 2, column 1 has 1 labels where each line needs 2");
    inputs.add(
        "test label unknown",
        "libsvm",
        folder -> {
          Files.writeString(folder.resolve("train"), "1 1:1\n2 1:1\n");
          Files.writeString(folder.resolve("test"), "3 1:1\n");
        },
        "file:DIR/test, line 1, column 1 is \"3\", a label that no training line has");
    inputs.add(
        "test file missing",
        "libsvm",
        folder -> Files.writeString(folder.resolve("t"), "1 1:1\n2 1:1\n"),
        settings -> settings.from("DIR/t").test("DIR/nowhere"),
        "DIR/nowhere is not there");
  }
}
