package minilote.trainer.run;

import minilote.trainer.network.Network;

/**
 * What a run is, for its first lines.
 *
 * @param network the network
 * @param dataset the data set's name
 * @param trainingExamples examples of an epoch
 * @param validationExamples examples set apart
 * @param testExamples examples of the test split, 0 where there is none
 * @param batch the batch
 * @param lanes lanes of a batch
 * @param partitions partitions that hold the lanes
 * @param slots tasks that the cluster can run at once
 * @param synchronizer how the lanes' sums are added, and why so
 * @param stepsPerEpoch updates an epoch
 * @param engine what multiplies, with its kernel
 * @param stepsDone updates that earlier sittings took, 0 for a new run
 */
public record RunDescription(
    Network network,
    String dataset,
    long trainingExamples,
    long validationExamples,
    long testExamples,
    int batch,
    int lanes,
    int partitions,
    int slots,
    String synchronizer,
    long stepsPerEpoch,
    String engine,
    long stepsDone) {}
