package minilote.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Finds references that would fail when reached: classes, methods and fields that a jar's code
 * names and that are neither in it, nor among Spark's jars, nor in Java. A jar compiled against one
 * Spark runs under another one if there are none.
 */
final class Linkage {
  private record Type(@Nullable String parent, List<String> interfaces, Set<String> members) {}

  private final Path jar;

  /** Where each class is; read when it is asked for. */
  private final Map<String, Path> places = new HashMap<>();

  private final Map<String, @Nullable Type> types = new HashMap<>();
  private int examined;

  Linkage(Path jar, Path sparkJars) throws IOException {
    this.jar = jar;
    try (Stream<Path> files = Files.list(sparkJars)) {
      for (Path file : files.toList()) {
        index(file);
      }
    }
    index(jar);
  }

  /** How many references have been looked up so far. */
  int examined() {
    return examined;
  }

  /**
   * The references of the jar's classes of those names (such as {@code minilote/driver/Minilote})
   * that lead nowhere.
   */
  List<String> missing(Predicate<String> names) throws IOException {
    Set<String> missing = new TreeSet<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (String name : classes(file)) {
        if (names.test(name)) {
          try (InputStream in = file.getInputStream(file.getJarEntry(name + ".class"))) {
            new ClassReader(in.readAllBytes())
                .accept(new References(name, missing), ClassReader.SKIP_FRAMES);
          }
        }
      }
    }
    return new ArrayList<>(missing);
  }

  private void index(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (String name : classes(jar)) {
        places.put(name, file);
      }
    }
  }

  private static List<String> classes(JarFile jar) {
    return jar.stream()
        .map(JarEntry::getName)
        .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
        .map(name -> name.substring(0, name.length() - ".class".length()))
        .toList();
  }

  private @Nullable Type type(String name) {
    if (!types.containsKey(name)) {
      Path place = places.get(name);
      try {
        types.put(name, place == null ? fromJava(name) : fromJar(name, place));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the class " + name, e);
      }
    }
    return types.get(name);
  }

  private static Type fromJar(String name, Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile());
        InputStream in = jar.getInputStream(jar.getJarEntry(name + ".class"))) {
      return parse(in.readAllBytes());
    }
  }

  private static @Nullable Type fromJava(String name) throws IOException {
    try (InputStream in =
        ClassLoader.getPlatformClassLoader().getResourceAsStream(name + ".class")) {
      return in == null ? null : parse(in.readAllBytes());
    }
  }

  private static Type parse(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    Set<String> members = new HashSet<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            members.add(name + descriptor);
            return null;
          }

          @Override
          public @Nullable FieldVisitor visitField(
              int access, String name, String descriptor, String signature, Object value) {
            members.add(name + ":" + descriptor);
            return null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    return new Type(reader.getSuperName(), List.of(reader.getInterfaces()), members);
  }

  /**
   * Whether a class or what it inherits from has the member; a class without a known ancestor may.
   */
  private boolean has(String owner, String member) {
    Type type = type(owner);
    if (type == null) {
      return false;
    }
    if (type.members().contains(member) || (type.parent() != null && has(type.parent(), member))) {
      return true;
    }
    return type.interfaces().stream().anyMatch(parent -> has(parent, member));
  }

  private final class References extends ClassVisitor {
    private final String from;
    private final Set<String> missing;

    References(String from, Set<String> missing) {
      super(Opcodes.ASM9);
      this.from = from;
      this.missing = missing;
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        String signature,
        @Nullable String parent,
        String[] interfaces) {
      if (parent != null) {
        lookUp(parent, null);
      }
      for (String each : interfaces) {
        lookUp(each, null);
      }
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String descriptor, boolean isInterface) {
          lookUp(owner, method + descriptor);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
          lookUp(owner, field + ":" + descriptor);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
          lookUp(type, null);
        }

        @Override
        public void visitInvokeDynamicInsn(
            String method, String descriptor, Handle bootstrap, Object... arguments) {
          for (Object argument : arguments) {
            if (argument instanceof Handle handle) {
              String separator = handle.getDesc().startsWith("(") ? "" : ":";
              lookUp(handle.getOwner(), handle.getName() + separator + handle.getDesc());
            }
          }
        }
      };
    }

    private void lookUp(String owner, @Nullable String member) {
      examined++;
      // Arrays have what Object has, and the two classes below any signature.
      if (owner.startsWith("[")
          || owner.equals("java/lang/invoke/MethodHandle")
          || owner.equals("java/lang/invoke/VarHandle")) {
        return;
      }
      if (type(owner) == null) {
        missing.add(from + " names the class " + owner);
      } else if (member != null && !has(owner, member)) {
        missing.add(from + " names " + owner + "." + member);
      }
    }
  }
}
