package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tiny-ImageNet-200 in its official folders: {@code wnids.txt} names the classes, {@code
 * train/<wnid>/images} holds 500 JPEGs each, {@code val/images} 50 of each class, listed in {@code
 * val/val_annotations.txt}. The validation images serve as test set; the official test images have
 * no labels. Classes are numbered in the order of their sorted names, images in that of their
 * numbers.
 *
 * <p>Verified are the counts, that every file is a whole JPEG of 64 x 64, and the SHA-256 of each
 * class's validation images and first 140 training images. For the other 360 only the digest of the
 * archive is known: they are compared with what was first read here. Fewer than 500 training images
 * are accepted if each class has as many, and named in the note.
 *
 * @param classes how many there must be
 * @param trainEach training images of a class in the full set
 * @param testEach validation images of a class
 * @param side height and width
 * @param digests SHA-256 by part, {@code train/<wnid>} or {@code val/<wnid>}, of the SHA-256 of its
 *     files one after another; parts without one are not compared
 */
record TinyImageNet(int classes, int trainEach, int testEach, int side, Map<String, String> digests)
    implements Layout {

  private static final Logger LOG = LoggerFactory.getLogger(TinyImageNet.class);
  static final String NAME = "tiny-imagenet-200";
  static final TinyImageNet OFFICIAL =
      new TinyImageNet(200, 500, 50, 64, Fingerprint.listed("tiny-imagenet-200.sha256"));

  /** Training images of a class that {@link #digests} covers. */
  static final int DIGESTED = 140;

  private static final String ANNOTATIONS = "val/val_annotations.txt";
  private static final float[] MEAN = {.485f, .456f, .406f};
  private static final float[] DEVIATION = {.229f, .224f, .225f};

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Facts facts() {
    return new Facts(3, side, side, classes, classes * trainEach);
  }

  @Override
  public List<String> marks() {
    return List.of("wnids.txt");
  }

  @Override
  public List<Path> files(Path directory) {
    List<String> wnids = wnids(directory);
    Stream<Path> lists = Stream.of("wnids.txt", "words.txt", ANNOTATIONS).map(directory::resolve);
    var images = Stream.concat(train(directory, wnids).stream(), test(directory, wnids).stream());
    return Stream.concat(lists.filter(Files::exists), images).toList();
  }

  @Override
  public DataSet load(Path home) {
    Path directory = locate(home);
    List<String> wnids = wnids(directory);
    List<Path> trainFiles = train(directory, wnids);
    List<Path> testFiles = test(directory, wnids);
    int each = trainFiles.size() / classes;
    String note =
        each == trainEach
            ? "full"
            : "declared subset: %s of %s train images a class".formatted(each, trainEach);
    List<String> read = new ArrayList<>();
    Images train = decode("train", wnids, trainFiles, read);
    Images test = decode("val", wnids, testFiles, read);
    compareOrRemember(read, directory.resolve("installed.sha256"));
    return DataSet.of(NAME, train, test, names(directory, wnids), MEAN, DEVIATION, note);
  }

  private List<String> wnids(Path directory) {
    Path file = directory.resolve("wnids.txt");
    var wnids = lines(file).stream().map(String::strip).filter(w -> !w.isEmpty()).sorted().toList();
    for (String wnid : wnids) {
      // It becomes the name of a folder.
      if (!wnid.matches("n\\d+")) {
        throw refuse("is damaged: %s has the line '%s', expected n and a number", file, wnid);
      }
    }
    if (wnids.size() != classes || wnids.stream().distinct().count() != classes) {
      throw refuse("is damaged: %s names %d classes, expected %d", file, wnids.size(), classes);
    }
    return wnids;
  }

  private List<Path> train(Path directory, List<String> wnids) {
    Map<Path, List<Path>> folders = new LinkedHashMap<>();
    for (String wnid : wnids) {
      Path folder = directory.resolve("train").resolve(wnid).resolve("images");
      folders.put(folder, jpegs(folder));
      for (Path file : folders.get(folder)) {
        if (!file.getFileName().toString().startsWith(wnid + "_")) {
          throw refuse("has a misplaced file: %s is not named %s_<number>.JPEG", file, wnid);
        }
      }
    }
    int most = folders.values().stream().mapToInt(List::size).max().orElseThrow();
    int each = Math.min(most, trainEach);
    folders.forEach(
        (folder, files) -> {
          if (files.size() != each || each == 0) {
            throw refuse(
                "is %s: %s holds %d images, expected %d as in the other classes (%d in the full set)",
                files.size() > each ? "damaged" : "incomplete",
                folder,
                files.size(),
                each,
                trainEach);
          }
        });
    return folders.values().stream().flatMap(List::stream).toList();
  }

  private List<Path> test(Path directory, List<String> wnids) {
    Path annotations = directory.resolve(ANNOTATIONS);
    Path folder = directory.resolve("val").resolve("images");
    Map<String, Path> byName = new HashMap<>();
    jpegs(folder).forEach(file -> byName.put(file.getFileName().toString(), file));
    Map<String, List<Path>> byClass = new TreeMap<>();
    wnids.forEach(wnid -> byClass.put(wnid, new ArrayList<>()));
    for (String line : lines(annotations)) {
      String[] fields = line.split("\t");
      if (fields.length < 2 || !byClass.containsKey(fields[1])) {
        throw refuse("is damaged: %s has the line '%s'", annotations, line);
      }
      Path file = byName.remove(fields[0]);
      if (file == null) {
        throw refuse("is incomplete: %s is missing", folder.resolve(fields[0]));
      }
      byClass.get(fields[1]).add(file);
    }
    byClass.forEach(
        (wnid, files) -> {
          if (files.size() != testEach) {
            throw refuse(
                "is damaged: %s names %d images of class %s, expected %d",
                annotations, files.size(), wnid, testEach);
          }
        });
    return byClass.values().stream().flatMap(List::stream).toList();
  }

  /** The JPEG files of a folder in the order of the number before the ending. */
  private List<Path> jpegs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".JPEG"))
          .map(this::requireFile)
          .sorted(Comparator.comparingInt(TinyImageNet::number).thenComparing(Path::toString))
          .toList();
    } catch (NoSuchFileException e) {
      throw refuse("is incomplete: %s is missing", folder);
    } catch (IOException e) {
      throw refuse("cannot be read: %s: %s", folder, e);
    }
  }

  private static int number(Path file) {
    String name = file.getFileName().toString();
    String digits = name.substring(name.lastIndexOf('_') + 1, name.lastIndexOf('.'));
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
  }

  /**
   * Decodes one part.
   *
   * @param read the digest and the name of each class's files are added to it
   */
  private Images decode(String part, List<String> wnids, List<Path> files, List<String> read) {
    byte[] pixels = new byte[Math.multiplyExact(files.size(), 3 * side * side)];
    byte[][] hashes = new byte[files.size()][];
    IntStream.range(0, files.size())
        .parallel()
        .forEach(i -> hashes[i] = decode(files.get(i), pixels, i * 3 * side * side));
    int each = files.size() / classes;
    for (int c = 0; c < classes; c++) {
      byte[][] ofClass = Arrays.copyOfRange(hashes, c * each, (c + 1) * each);
      verify(part + "/" + wnids.get(c), files.subList(c * each, (c + 1) * each), ofClass);
      read.add(Fingerprint.sha256(ofClass) + "  " + part + "/" + wnids.get(c));
    }
    int[] labels = IntStream.range(0, files.size()).map(i -> i / each).toArray();
    return new Images(3, side, side, classes, pixels, labels);
  }

  /** Decodes one image; its SHA-256 is returned. */
  private byte[] decode(Path file, byte[] out, int at) {
    try {
      return Jpeg.decode(file, side, out, at);
    } catch (IOException e) {
      throw refuse("is damaged: %s %s", file, e.getMessage());
    }
  }

  private void verify(String part, List<Path> files, byte[][] hashes) {
    int covered = part.startsWith("train") ? DIGESTED : files.size();
    // A digest covers the images 0..139; a subset without one of them cannot be compared.
    if (covered > files.size()
        || (part.startsWith("train") && number(files.get(covered - 1)) != covered - 1)) {
      return;
    }
    String found = Fingerprint.sha256(Arrays.copyOf(hashes, covered));
    if (!found.equals(digests.getOrDefault(part, found))) {
      throw refuse(
          "is damaged: of %s to %s one is not the published file (SHA-256 of all %s, expected %s)",
          files.get(0), files.get(covered - 1).getFileName(), found, digests.get(part));
    }
  }

  /**
   * Compares digests with those of what was first installed, which are remembered in the folder of
   * the set: where no digests are published, later damage is still noticed.
   */
  private void compareOrRemember(List<String> read, Path file) {
    if (Files.exists(file)) {
      List<String> first = lines(file);
      for (String line : read) {
        if (!first.contains(line)) {
          throw refuse(
              "is damaged: in %s these are not the files first installed: %s (if you changed them on purpose, delete %s)",
              file.getParent(), line, file);
        }
      }
      return;
    }
    try {
      AtomicFile.write(file, String.join("\n", read) + "\n");
    } catch (IOException e) {
      LOG.warn("later damage will go unnoticed: {} cannot be written ({})", file, e.toString());
    }
  }

  private List<String> names(Path directory, List<String> wnids) {
    Path words = directory.resolve("words.txt");
    if (!Files.exists(words)) {
      return wnids;
    }
    Map<String, String> names = new HashMap<>();
    for (String line : lines(words)) {
      String[] fields = line.split("\t", 2);
      names.put(fields[0], fields[fields.length - 1].split(",", 2)[0]);
    }
    return wnids.stream().map(wnid -> names.getOrDefault(wnid, wnid)).toList();
  }
}
