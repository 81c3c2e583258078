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

/**
 * Tiny-ImageNet-200 in its official folders: {@code wnids.txt} names the classes, {@code
 * train/<wnid>/images} holds 500 JPEGs each, {@code val/images} 50 of each class, told by {@code
 * val/val_annotations.txt}. The validation images serve as test set; the official test images have
 * no labels. Classes are numbered in the order of their sorted names, images in that of their
 * numbers.
 *
 * <p>Verified are the counts, that every file is a whole JPEG of 64 x 64, and the SHA-256 of each
 * class's validation images and first 140 training images. Fewer than 500 training images are
 * accepted if each class has as many, and named in the note.
 *
 * @param classes how many there must be
 * @param trainEach training images of a class in the full set
 * @param testEach validation images of a class
 * @param side height and width
 * @param digests SHA-256 by part, {@code train/<wnid>} or {@code val/<wnid>}, of the SHA-256 of its
 *     files one after another; parts without one are not compared
 */
record TinyImageNet(
    int classes, int trainEach, int testEach, int side, Map<String, String> digests) {

  static final String NAME = "tiny-imagenet-200";
  static final TinyImageNet OFFICIAL =
      new TinyImageNet(200, 500, 50, 64, Fingerprint.listed("tiny-imagenet-200.sha256"));

  /** Training images of a class that {@link #digests} covers. */
  static final int DIGESTED = 140;

  private static final float[] MEAN = {.485f, .456f, .406f};
  private static final float[] DEVIATION = {.229f, .224f, .225f};

  /** The files of one part, class after class, with their labels. */
  private record Listing(List<Path> files, int[] labels) {}

  DataSet load(Path home) {
    Path directory = locate(home);
    List<String> wnids = wnids(directory);
    Listing train = train(directory, wnids);
    Listing test = test(directory, wnids);
    int each = train.files().size() / classes;
    String note =
        each == trainEach
            ? "full"
            : "declared subset: %s of %s train images a class".formatted(each, trainEach);
    PixelCache cache = PixelCache.of(directory, train.files(), test.files());
    PixelCache.Parts parts =
        cache
            .read()
            .orElseGet(
                () -> {
                  Images trainImages = decode(train, wnids, "train");
                  Images testImages = decode(test, wnids, "val");
                  return cache.write(trainImages, testImages);
                });
    return new DataSet(
        NAME,
        parts.train(),
        parts.test(),
        names(directory, wnids),
        MEAN,
        DEVIATION,
        parts.sha256(),
        note);
  }

  private Path locate(Path home) {
    for (Path candidate : List.of(home.resolve(NAME), home)) {
      if (Files.exists(candidate.resolve("wnids.txt"))) {
        return candidate;
      }
    }
    throw refuse("is not in %s: neither wnids.txt nor %s/wnids.txt is there", home, NAME);
  }

  private List<String> wnids(Path directory) {
    Path file = directory.resolve("wnids.txt");
    List<String> wnids =
        lines(file).stream().map(String::strip).filter(w -> !w.isEmpty()).sorted().toList();
    if (wnids.size() != classes || wnids.stream().distinct().count() != classes) {
      throw refuse("is damaged: %s names %d classes, expected %d", file, wnids.size(), classes);
    }
    return wnids;
  }

  private Listing train(Path directory, List<String> wnids) {
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
    int each = folders.values().stream().mapToInt(List::size).max().orElseThrow();
    folders.forEach(
        (folder, files) -> {
          if (files.size() > trainEach) {
            throw refuse(
                "is damaged: %s holds %d images, expected %d", folder, files.size(), trainEach);
          }
          if (files.size() < each || each == 0) {
            throw refuse(
                "is incomplete: %s holds %d images, expected %d as in the other classes (%d in the full set)",
                folder, files.size(), each, trainEach);
          }
        });
    List<Path> files = folders.values().stream().flatMap(List::stream).toList();
    return new Listing(files, IntStream.range(0, files.size()).map(i -> i / each).toArray());
  }

  private Listing test(Path directory, List<String> wnids) {
    Path annotations = directory.resolve("val").resolve("val_annotations.txt");
    Path folder = directory.resolve("val").resolve("images");
    List<Path> there = jpegs(folder);
    Map<String, Path> byName = new HashMap<>();
    there.forEach(file -> byName.put(file.getFileName().toString(), file));
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
    List<Path> files = byClass.values().stream().flatMap(List::stream).toList();
    return new Listing(files, IntStream.range(0, files.size()).map(i -> i / testEach).toArray());
  }

  /** The JPEG files of a folder in the order of the number before the ending. */
  private List<Path> jpegs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".JPEG"))
          .sorted(Comparator.comparingInt(TinyImageNet::number).thenComparing(Path::toString))
          .toList();
    } catch (NoSuchFileException e) {
      throw refuse("is incomplete: %s is missing", folder);
    } catch (IOException e) {
      throw refuse("cannot be read: %s", e);
    }
  }

  private static int number(Path file) {
    String name = file.getFileName().toString();
    String digits = name.substring(name.lastIndexOf('_') + 1, name.lastIndexOf('.'));
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
  }

  private Images decode(Listing listing, List<String> wnids, String part) {
    int each = 3 * side * side;
    int count = listing.files().size();
    byte[] pixels = new byte[Math.multiplyExact(count, each)];
    byte[][] hashes = new byte[count][];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> hashes[i] = Jpeg.decode(NAME, listing.files().get(i), side, pixels, i * each));
    int perClass = count / classes;
    for (int c = 0; c < classes; c++) {
      verify(part, wnids.get(c), listing.files(), hashes, c * perClass, (c + 1) * perClass);
    }
    return new Images(3, side, side, classes, pixels, listing.labels());
  }

  private void verify(
      String part, String wnid, List<Path> files, byte[][] hashes, int from, int to) {
    String expected = digests.get(part + "/" + wnid);
    if (part.equals("train")) {
      // A digest covers the images 0..139; a subset without one of them cannot be compared.
      if (to - from < DIGESTED || number(files.get(from + DIGESTED - 1)) != DIGESTED - 1) {
        return;
      }
      to = from + DIGESTED;
    }
    String found = Fingerprint.sha256(Arrays.copyOfRange(hashes, from, to));
    if (expected != null && !expected.equals(found)) {
      throw refuse(
          "is damaged: of %s to %s one is not the published file (SHA-256 of all %s, expected %s)",
          files.get(from), files.get(to - 1).getFileName(), found, expected);
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
      names.put(fields[0], fields[fields.length - 1].split(",")[0]);
    }
    return wnids.stream().map(wnid -> names.getOrDefault(wnid, wnid)).toList();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw refuse("is incomplete: %s is missing", file);
    } catch (IOException e) {
      throw refuse("cannot be read: %s", e);
    }
  }

  private static UserError refuse(String what, Object... arguments) {
    return DataSets.refuse(NAME, what.formatted(arguments));
  }
}
