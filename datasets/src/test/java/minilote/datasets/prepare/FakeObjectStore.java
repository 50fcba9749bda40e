package minilote.datasets.prepare;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under the scheme of an object store, which cannot rename at once. */
public class FakeObjectStore extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("s3a://bucket/");

  /** A configuration in which s3a: is this. */
  static Configuration configuration() {
    Configuration conf = new Configuration(false);
    conf.set("fs.s3a.impl", FakeObjectStore.class.getName());
    conf.setBoolean("fs.s3a.impl.disable.cache", true);
    return conf;
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "s3a";
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    throw new IOException("an object store should not be asked to rename " + from);
  }
}
