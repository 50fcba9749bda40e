package minilote.datasets.download;

import java.io.IOException;

/** A file that did not come: one sentence says which, from where, and why. */
public final class DownloadFailed extends IOException {
  private static final long serialVersionUID = 1L;

  DownloadFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
