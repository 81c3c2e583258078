package org.fedlayers.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Rates of several contenders, measured in turns: A B C, then C B A, and so on, so that a machine
 * that grows slower or busier favours none.
 *
 * @param rates for each contender the rate in every turn
 */
record Turns(List<double[]> rates) {

  static Turns take(int repeats, List<Measured> contenders) {
    List<double[]> rates = new ArrayList<>();
    contenders.forEach(contender -> rates.add(new double[repeats]));
    for (int turn = 0; turn < repeats; turn++) {
      for (int i = 0; i < contenders.size(); i++) {
        int next = turn % 2 == 0 ? i : contenders.size() - 1 - i;
        rates.get(next)[turn] = contenders.get(next).rate();
      }
    }
    return new Turns(rates);
  }

  /** Of one contender's rate. */
  Spread rate(int contender) {
    return Spread.of(rates.get(contender));
  }

  /** Of one contender's rate over another's, turn by turn. */
  Spread ratio(int contender, int other) {
    double[] ratios = new double[rates.get(contender).length];
    for (int turn = 0; turn < ratios.length; turn++) {
      ratios[turn] = rates.get(contender)[turn] / rates.get(other)[turn];
    }
    return Spread.of(ratios);
  }
}
