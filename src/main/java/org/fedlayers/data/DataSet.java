package org.fedlayers.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.fedlayers.options.UserError;

/**
 * A named image set in memory, verified and ready to be partitioned.
 *
 * @param name as in {@link DataSets#ALL}
 * @param train what clients learn from
 * @param test what models are scored on
 * @param classNames one for each class, in label order
 * @param mean of each channel, of pixels scaled to 0..1
 * @param deviation standard deviation of each channel, of pixels scaled to 0..1
 * @param sha256 fingerprint of decoded pixels and labels, for provenance
 * @param note {@code "full"}, or what is missing or changed, for example {@code "declared subset:
 *     140 of 500 train images a class"}
 */
public record DataSet(
    String name,
    Images train,
    Images test,
    List<String> classNames,
    float[] mean,
    float[] deviation,
    String sha256,
    String note)
    implements ImageSet {

  /**
   * @throws UserError if these do not go together
   */
  public DataSet {
    int channels = train.channels();
    require(name, train.size() > 0 && test.size() > 0, "it has no training or no test images");
    require(
        name,
        test.channels() == channels
            && test.height() == train.height()
            && test.width() == train.width(),
        "its training images are %s, its test images %s".formatted(train, test));
    require(
        name,
        IntStream.of(test.labels()).allMatch(label -> label < train.classes()),
        "its test images have labels that are not in 0.." + (train.classes() - 1));
    require(
        name,
        classNames.size() == train.classes(),
        "it names %s classes of %s".formatted(classNames.size(), train.classes()));
    require(
        name,
        mean.length == channels && deviation.length == channels,
        "it gives %s means and %s deviations for %s channels"
            .formatted(mean.length, deviation.length, channels));
    for (int channel = 0; channel < channels; channel++) {
      float spread = deviation[channel];
      require(
          name,
          Float.isFinite(mean[channel]) && Float.isFinite(spread) && spread > 0,
          "channel %s has a mean of %s and a deviation of %s, expected numbers, the second above 0"
              .formatted(channel, mean[channel], spread));
    }
  }

  private static void require(String name, boolean right, String wrong) {
    if (!right) {
      throw new UserError("image set " + name + ": " + wrong);
    }
  }

  /** A data set whose fingerprint is computed here. */
  public static DataSet of(
      String name,
      Images train,
      Images test,
      List<String> classNames,
      float[] mean,
      float[] deviation,
      String note) {
    String sha256 = Fingerprint.of(train, test);
    return new DataSet(name, train, test, classNames, mean, deviation, sha256, note);
  }

  public int classes() {
    return train.classes();
  }

  @Override
  public Facts facts() {
    return new Facts(
        train.channels(), train.height(), train.width(), train.classes(), train.size());
  }

  /** The set itself. */
  @Override
  public DataSet load(Path home) {
    return this;
  }

  /**
   * A smaller set, stratified: classes are drawn evenly, the images of a class at random. With one
   * seed a smaller subset is part of every larger one.
   *
   * @param trainImages how many of the training images, 1..train.size()
   * @param testImages how many of the test images, 1..test.size()
   */
  public DataSet subset(int trainImages, int testImages, Randomness randomness) {
    requireAtMost("train", trainImages, train.size());
    requireAtMost("test", testImages, test.size());
    Images fewer = train.select(first(trainImages, stratified(train, randomness, 0)));
    Images fewerTests = test.select(first(testImages, stratified(test, randomness, 1)));
    return with(
        fewer,
        fewerTests,
        "%s of %s train and %s of %s test images"
            .formatted(trainImages, train.size(), testImages, test.size()));
  }

  /**
   * Holds out a stratified fraction of the training images in place of the test set, so that rates
   * can be tuned without looking at the test images.
   *
   * @param fraction of the training images, above 0 and below 1
   */
  public DataSet holdOut(double fraction, Randomness randomness) {
    int held = (int) Math.round(fraction * train.size());
    if (held < 1 || held >= train.size()) {
      throw new UserError(
          "cannot hold out a fraction of %s of the %s training images of %s: the fraction must lie between 0 and 1, and leave an image on both sides"
              .formatted(fraction, train.size(), name));
    }
    int[] order = stratified(train, randomness, 2);
    int[] kept = Arrays.copyOfRange(order, held, order.length);
    Arrays.sort(kept);
    return with(
        train.select(kept),
        train.select(first(held, order)),
        "%s of %s train images held out in place of the test set".formatted(held, train.size()));
  }

  private DataSet with(Images newTrain, Images newTest, String what) {
    String newNote = note.equals("full") ? what : note + "; " + what;
    return of(name, newTrain, newTest, classNames, mean, deviation, newNote);
  }

  private void requireAtMost(String part, int wanted, int there) {
    if (wanted < 1 || wanted > there) {
      throw new UserError(
          "cannot take %s %s images of %s: it has %s".formatted(wanted, part, name, there));
    }
  }

  private static int[] first(int count, int[] order) {
    int[] chosen = Arrays.copyOf(order, count);
    Arrays.sort(chosen);
    return chosen;
  }

  /** All indices, class after class in turn, so that any prefix has its classes in equal number. */
  private static int[] stratified(Images images, Randomness randomness, int place) {
    int[][] byClass =
        ClientSplit.shuffledByClass(
            images.labels(), images.classes(), randomness.of("subset", place));
    int[] classes = ClientSplit.shuffled(byClass.length, randomness.of("subset", place, 0));
    int[] order = new int[images.size()];
    for (int taken = 0, rank = 0; taken < order.length; rank++) {
      for (int c : classes) {
        if (rank < byClass[c].length) {
          order[taken++] = byClass[c][rank];
        }
      }
    }
    return order;
  }

  @Override
  public String toString() {
    return "%s (%s): train %s; test %s".formatted(name, note, train, test);
  }
}
