package minilote.trainer.math;

import java.util.Arrays;

/** A primitive of oneDNN, ready to run on any addresses; running allocates nothing. */
final class DnnPrimitive {
  private final DnnContext context;
  private final long primitive;
  private final long[] memories; // of the arguments, and of the scratch memory
  private final long[] addresses; // that they have
  private final long arguments; // the library's list of them

  DnnPrimitive(DnnContext context, long primitive, long[] memories, long arguments) {
    this.context = context;
    this.primitive = primitive;
    this.memories = memories;
    this.addresses = new long[memories.length];
    this.arguments = arguments;
    Arrays.fill(addresses, -1);
  }

  /** Says where an argument lies, in the order in which the primitive was made. */
  DnnPrimitive at(int argument, long address) {
    if (addresses[argument] != address) {
      OneDnn.check(OneDnn.memorySetDataHandle(memories[argument], address), "giving an address");
      addresses[argument] = address;
    }
    return this;
  }

  /** Runs on the addresses that were said. */
  void run() {
    at(memories.length - 1, context.scratchpad());
    OneDnn.check(
        OneDnn.primitiveExecute(primitive, context.stream(), memories.length, arguments),
        "running a primitive");
  }
}
