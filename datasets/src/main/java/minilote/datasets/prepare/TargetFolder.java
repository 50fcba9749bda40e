package minilote.datasets.prepare;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a data set is written to, which appears whole or not at all.
 *
 * <p>Where a folder can be renamed at once, everything is written beside it and renamed at the end.
 * Object stores copy on renaming, file by file: there the shards are written to their place and
 * {@code dataset.json}, without which a folder is no data set, last.
 */
final class TargetFolder implements AutoCloseable {
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "tos", "wasb", "wasbs", "swift");
  private static final Pattern SHARD = Pattern.compile("part-\\d{5,}\\.bin");
  private static final int BUFFER = 1 << 18;

  private final FileSystem files;
  private final Path target;
  private final Path writing; // the target itself, or a folder beside it
  private final Thread onExit = new Thread(this::deleteWritten, "delete-unfinished-data-set");
  private boolean begun;
  private boolean done;

  TargetFolder(Path target, Configuration conf) throws IOException {
    FileSystem found = target.getFileSystem(conf);
    // The local file system would write a hidden checksum beside every file.
    this.files = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
    this.target = files.makeQualified(target);
    String random = UUID.randomUUID().toString().substring(0, 8);
    Path parent = this.target.getParent();
    if (parent == null) {
      throw new UserError(target + " is a root, it cannot become a data set's folder");
    }
    this.writing =
        OBJECT_STORES.contains(files.getUri().getScheme())
            ? this.target
            : new Path(parent, "." + this.target.getName() + ".preparing-" + random);
  }

  /**
   * The data set that is there already; null when there is none, or it is to be replaced.
   *
   * @throws UserError when the target is a file, or a folder with other files
   */
  @Nullable Dataset existing(Configuration conf, boolean overwrite) throws IOException {
    FileStatus status;
    try {
      status = files.getFileStatus(target);
    } catch (FileNotFoundException e) {
      return null;
    }
    if (!status.isDirectory()) {
      throw new UserError(target + " is a file: give a new folder for the data set");
    }
    boolean complete = false;
    for (FileStatus entry : files.listStatus(target)) {
      if (!isOurs(entry)) {
        throw new UserError(
            "%s already has other files, such as %s: give a new folder for the data set"
                .formatted(target, entry.getPath().getName()));
      }
      complete |= entry.isFile();
    }
    // Shards without a dataset.json are what a broken preparation left: they are replaced.
    return complete && !overwrite ? Dataset.read(target, conf) : null;
  }

  /** Only what a preparation wrote may ever be deleted: a folder train/ may be of someone else. */
  private boolean isOurs(FileStatus entry) throws IOException {
    String name = entry.getPath().getName();
    if (entry.isFile()) {
      return name.equals(Dataset.FILE);
    }
    if (!name.equals(Dataset.TRAIN) && !name.equals(Dataset.TEST)) {
      return false;
    }
    for (FileStatus shard : files.listStatus(entry.getPath())) {
      if (!shard.isFile() || !SHARD.matcher(shard.getPath().getName()).matches()) {
        return false;
      }
    }
    return true;
  }

  /** Creates a file of the data set, by its relative name. */
  OutputStream create(String file) throws IOException {
    if (!begun) {
      begun = true;
      Runtime.getRuntime().addShutdownHook(onExit);
      if (writing.equals(target)) {
        files.delete(new Path(target, Dataset.FILE), false); // what follows is no data set yet
        files.delete(target, true);
      }
    }
    return new BufferedOutputStream(files.create(new Path(writing, file), false), BUFFER);
  }

  /** Writes {@code dataset.json} and makes the folder appear. */
  void finish(Dataset dataset) throws IOException {
    try (OutputStream out = create(Dataset.FILE)) {
      out.write(dataset.toJsonText().getBytes(StandardCharsets.UTF_8));
    }
    if (!writing.equals(target)) {
      Path old = new Path(writing + "-old");
      boolean replaces = files.exists(target);
      if (replaces && !files.rename(target, old)) {
        throw new IOException(target + " cannot be replaced");
      }
      if (!files.rename(writing, target)) {
        if (replaces && !files.rename(old, target)) {
          throw new IOException("%s is now in %s and cannot be renamed".formatted(target, old));
        }
        throw new IOException("%s cannot be renamed to %s".formatted(writing, target));
      }
      files.delete(old, true);
    }
    done = true;
  }

  private void deleteWritten() {
    if (begun && !done) {
      try {
        files.delete(writing, true);
      } catch (IOException e) {
        // What is left is hidden or has no dataset.json: no one takes it for a data set.
      }
    }
  }

  Path path() {
    return target;
  }

  @Override
  public void close() {
    deleteWritten();
    if (begun) {
      try {
        Runtime.getRuntime().removeShutdownHook(onExit);
      } catch (IllegalStateException e) {
        // the program is ending: the hook runs now
      }
    }
  }
}
