package org.fedlayers.nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds every region an offset such that no two that are alive together overlap: largest first,
 * each at the lowest offset that is free throughout its life.
 */
final class Placement {
  private final Map<Region, Long> offsets = new LinkedHashMap<>();
  private long bytes;

  Placement(List<Region> regions) {
    List<Region> bySize = new ArrayList<>(regions);
    bySize.sort(Comparator.comparingLong(Region::bytes).reversed());
    List<Region> byOffset = new ArrayList<>();
    for (Region region : bySize) {
      long offset = 0;
      for (Region other : byOffset) {
        if (!region.isAliveWith(other)) {
          continue;
        }
        if (offset + region.bytes() <= offsets.get(other)) {
          break;
        }
        offset = Math.max(offset, Slab.aligned(offsets.get(other) + other.bytes()));
      }
      offsets.put(region, offset);
      byOffset.add(region);
      byOffset.sort(Comparator.comparingLong(offsets::get));
      bytes = Math.max(bytes, Slab.aligned(offset + region.bytes()));
    }
  }

  /** What all regions together need. */
  long bytes() {
    return bytes;
  }

  void bind(Slab slab) {
    offsets.forEach((region, offset) -> region.bind(slab.at(offset)));
  }
}
