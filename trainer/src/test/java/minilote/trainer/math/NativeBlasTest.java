package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeBlasTest {

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void report_onLinux_isNativeWithOneThread() {
    NativeBlas.Report report = NativeBlas.report();

    assertTrue(report.nativeLibrary(), report.describe());
    assertEquals(1, report.threads());
    assertEquals("OpenBLAS 0.3.31", report.name());
  }

  @Test
  void report_throughJson_isTheSame() {
    NativeBlas.Report report =
        new NativeBlas.Report(false, "Java11BLAS", "Java", 1, "No \"file\".");

    assertEquals(report, NativeBlas.Report.fromJson(report.toJson()));
  }
}
