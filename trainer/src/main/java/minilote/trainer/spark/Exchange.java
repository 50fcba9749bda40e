package minilote.trainer.spark;

import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.network.util.TransportFrameDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Where the JVMs of an application reach each other while a job runs: a server and connections of
 * Spark's own transport, with Spark's authentication and encryption where they are on. One a JVM,
 * from the first job that needs it until the JVM ends. Messages carry the attempt that they belong
 * to; those of an attempt that is not, or no longer, at work here are dropped.
 */
final class Exchange implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final String MODULE = "minilote";

  /** Read from a socket at a time: few calls, and the second-level cache holds it. */
  private static final int RECEIVE_BYTES = 1 << 17;

  private static final long IDLE_SECONDS = 10;
  private static final ThreadPoolExecutor LATER = later();

  private static @Nullable Exchange running;

  /** Gets the messages of an attempt, on threads of the transport. */
  interface Receiver {
    /**
     * A message.
     *
     * @param message the rest of it, behind the attempt; only valid during the call
     */
    void received(ByteBuffer message, TransportClient from);

    /** A connection has ended. */
    void lost(TransportClient connection);
  }

  private final ConcurrentMap<UUID, Receiver> receivers = new ConcurrentHashMap<>();
  private final TransportContext context;
  private final TransportServer server;
  private final TransportClientFactory clients;
  private final String host;
  private final SparkEnv env;

  private Exchange(String host, String bindAddress, int port) {
    this.env = SparkEnv.get();
    SparkConf conf = env.conf();
    SecurityManager security = env.securityManager();
    // One thread for what arrives and one for what leaves: the cores are for computing.
    TransportConf transport =
        SparkTransportConf.fromSparkConf(
            conf,
            MODULE,
            1,
            Option.empty(),
            security.isSslRpcEnabled()
                ? Option.apply(security.getRpcSSLOptions())
                : Option.empty());
    List<TransportClientBootstrap> clientBootstraps =
        security.isAuthenticationEnabled()
            ? List.of(new AuthClientBootstrap(transport, conf.getAppId(), security))
            : List.of();
    List<TransportServerBootstrap> serverBootstraps =
        security.isAuthenticationEnabled()
            ? List.of(new AuthServerBootstrap(transport, security))
            : List.of();
    this.context = new TransportContext(transport, new Handler());
    this.clients = context.createClientFactory(clientBootstraps);
    this.server = serve(bindAddress, port, conf, serverBootstraps);
    this.host = host;
    LOG.info("Exchange of all-reduce listens on {}:{}", host, server.getPort());
  }

  /**
   * This JVM's, started when first asked for.
   *
   * @param port where to listen, or one of the next ports; 0 for any
   */
  static synchronized Exchange get(int port) {
    SparkEnv env = SparkEnv.get();
    if (running != null && running.env != env) {
      stop(); // Of an application that has ended in this JVM.
    }
    Exchange exchange = running;
    if (exchange == null) {
      String host = env.blockManager().blockManagerId().host();
      boolean driver = env.executorId().equals("driver");
      String bind =
          env.conf().get(driver ? "spark.driver.bindAddress" : "spark.executor.bindAddress", host);
      exchange = new Exchange(host, bind, port);
      running = exchange;
    }
    return exchange;
  }

  /** Ends this JVM's, where there is one. */
  static synchronized void stop() {
    Exchange exchange = running;
    running = null;
    if (exchange != null) {
      exchange.close();
    }
  }

  private static ThreadPoolExecutor later() {
    ThreadPoolExecutor later =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "minilote-answers");
              thread.setDaemon(true);
              return thread;
            });
    later.allowCoreThreadTimeOut(true);
    return later;
  }

  /**
   * Does what others have asked for and can wait for, one after the other: the transport's own
   * threads have sums and weights to carry, which hold up a step.
   */
  static void later(Runnable answer) {
    LATER.execute(answer);
  }

  private TransportServer serve(
      String address, int port, SparkConf conf, List<TransportServerBootstrap> bootstraps) {
    int tries = port == 0 ? 1 : 1 + conf.getInt("spark.port.maxRetries", 16);
    Exception last = null;
    for (int i = 0; i < tries; i++) {
      try {
        return context.createServer(address, port + i, bootstraps);
      } catch (Exception e) { // Netty throws what it does not declare.
        last = e; // Another executor of this machine listens there.
      }
    }
    throw new IllegalStateException(
        "--exchange-port %d: neither it nor the %d ports after it are free on %s (%s)"
            .formatted(port, tries - 1, address, last),
        last);
  }

  /** HOST:PORT, for others to {@link #connect} to. */
  String address() {
    return host + ":" + server.getPort();
  }

  /** A connection to another JVM's exchange, which others use as well. */
  TransportClient connect(String address) {
    return connect(address, clients::createClient);
  }

  /** A connection to another JVM's exchange for the caller alone, who closes it. */
  TransportClient connectAlone(String address) {
    return connect(address, clients::createUnmanagedClient);
  }

  private interface Connector {
    TransportClient connect(String host, int port) throws IOException, InterruptedException;
  }

  private static TransportClient connect(String address, Connector connector) {
    int colon = address.lastIndexOf(':');
    try {
      return connector.connect(
          address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to " + address, e);
    } catch (IOException e) {
      throw new UncheckedIOException("there is no connection to " + address, e);
    }
  }

  /**
   * Lets a reader have all that the other side of a connection sends behind the message that is
   * being received, in {@link Receiver#received}; or as the answer to what is asked next.
   */
  static void readFrames(TransportClient from, FrameReader reader) {
    ((TransportFrameDecoder) from.getChannel().pipeline().get(TransportFrameDecoder.HANDLER_NAME))
        .setInterceptor(reader);
  }

  void register(UUID attempt, Receiver receiver) {
    receivers.put(attempt, receiver);
  }

  void unregister(UUID attempt) {
    receivers.remove(attempt);
  }

  @Override
  public void close() {
    server.close();
    clients.close();
    context.close();
  }

  private final class Handler extends RpcHandler {
    private final OneForOneStreamManager streams = new OneForOneStreamManager();

    @Override
    public void receive(TransportClient client, ByteBuffer message) {
      UUID attempt = Identity.get(message);
      Receiver receiver = receivers.get(attempt);
      if (receiver != null) {
        receiver.received(message, client);
      }
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      callback.onFailure(new UnsupportedOperationException("all-reduce answers nothing"));
    }

    @Override
    public StreamManager getStreamManager() {
      return streams;
    }

    @Override
    public void channelActive(TransportClient client) {
      client
          .getChannel()
          .config()
          .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVE_BYTES));
    }

    @Override
    public void channelInactive(TransportClient client) {
      receivers.values().forEach(receiver -> receiver.lost(client));
    }
  }
}
