package minilote.datasets.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which files hold the training and the test examples.
 *
 * @param train the training examples, or all of them
 * @param test the test examples; null when they are a fraction of the others
 */
record TextFiles(Path train, @Nullable Path test) {

  /**
   * Finds the files: a file is itself; a folder has {@code train} and mostly {@code test}, with any
   * extension.
   *
   * @param test given by the user; null when not
   * @throws UserError when there is no such file, or more than one
   */
  static TextFiles find(Path from, @Nullable Path test, Configuration conf) throws IOException {
    FileSystem files = from.getFileSystem(conf);
    FileStatus status;
    try {
      status = files.getFileStatus(from);
    } catch (FileNotFoundException e) {
      throw new UserError(from + " is not there", e);
    }
    if (!status.isDirectory()) {
      return new TextFiles(from, test);
    }
    Path train = only(files, from, Dataset.TRAIN);
    if (train == null) {
      throw new UserError(
          "%s has no file %s.*: give a file, or a folder with %s.* and %s.*"
              .formatted(from, Dataset.TRAIN, Dataset.TRAIN, Dataset.TEST));
    }
    return new TextFiles(train, test != null ? test : only(files, from, Dataset.TEST));
  }

  private static @Nullable Path only(FileSystem files, Path folder, String stem)
      throws IOException {
    List<Path> found = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      String name = status.getPath().getName();
      if (status.isFile() && (name.equals(stem) || name.startsWith(stem + "."))) {
        found.add(status.getPath());
      }
    }
    if (found.size() > 1) {
      throw new UserError(
          "%s has both %s and %s: give one file"
              .formatted(folder, found.get(0).getName(), found.get(1).getName()));
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** The files by split; the training file alone when the test split is a fraction of it. */
  Map<String, Path> bySplit() {
    Map<String, Path> bySplit = new LinkedHashMap<>();
    bySplit.put(Dataset.TRAIN, train);
    if (test != null) {
      bySplit.put(Dataset.TEST, test);
    }
    return bySplit;
  }

  /** What a data set read from here is called: the file's name up to its first dot. */
  String name() {
    String stem = train.getName().replaceFirst("(?<=.)\\..*", "");
    boolean generic = stem.equals(Dataset.TRAIN) && train.getParent() != null;
    return generic ? train.getParent().getName() : stem;
  }
}
