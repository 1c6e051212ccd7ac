package metrics

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The intervals are those of Wilson's paper as published tables and statistical
// packages give them, to three decimals.
func TestWilson(t *testing.T) {
	for _, test := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 5, 0, 0.434}, {2, 12, 0.047, 0.448}, {5, 50, 0.043, 0.214},
		{0, 10, 0, 0.278}, {1, 10, 0.018, 0.404}, {5, 10, 0.237, 0.763}, {10, 10, 0.722, 1},
		{81, 263, 0.255, 0.366}, {15, 148, 0.062, 0.161}, {0, 20, 0, 0.161}, {1, 29, 0.006, 0.172}, // Newcombe 1998, table I
	} {
		low, high := Wilson(test.k, test.n)
		if math.Abs(low-test.low) > 0.0006 || math.Abs(high-test.high) > 0.0006 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.3f to %.3f", test.k, test.n, low, high, test.low, test.high)
		}
	}
}

// The ranks are those of published tables for the sign test's interval of a median, 95 %.
func TestMedianRanks(t *testing.T) {
	for n, rank := range map[int]int{0: 0, 1: 0, 5: 0, 6: 1, 7: 1, 8: 1, 9: 2, 10: 2, 11: 2, 12: 3, 13: 3, 14: 3, 15: 4, 16: 4, 17: 5, 18: 5, 19: 5, 20: 6,
		21: 6, 22: 6, 23: 7, 24: 7, 25: 8, 30: 10, 40: 14, 50: 18, 60: 22, 70: 27, 80: 31, 90: 36, 100: 40} {
		if got := medianRank(n); got != rank {
			t.Errorf("of %d values the interval begins at the %d-th, want the %d-th", n, got, rank)
		}
	}
	// With 10,000 values the normal distribution is near: 5000 − 1.96 × 50 = 4902.
	if got := medianRank(10_000); got < 4901 || got > 4903 {
		t.Errorf("of 10,000 values the interval begins at the %d-th", got)
	}
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	if low, high, ok := MedianInterval(values); !ok || low != 3 || high != 10 {
		t.Errorf("of 12 values the interval is %g to %g, want the 3rd to the 10th", low, high)
	}
}

// Worked by hand: 4 6 5 7 3 5 has the mean 5 and the moving ranges 2 1 2 4 2, whose mean is
// 2.2; so the limits are 5 ± 5.852, and the lower one is cut at 0.
func TestXmR(t *testing.T) {
	x := XmROf([]int{4, 6, 5, 7, 3, 5})
	if math.Abs(x.Mean-5) > 1e-9 || math.Abs(x.High-10.852) > 1e-9 || x.Low != 0 || !x.Limits || x.Firm {
		t.Errorf("%+v", x)
	}
	if slices.Contains(x.Signals, true) {
		t.Errorf("there are signals: %v", x.Signals)
	}
	if x := XmROf([]int{4, 6, 5, 7, 3}); x.Limits {
		t.Error("five values have limits")
	}
	if !XmROf([]int{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}).Firm {
		t.Error("the limits of twelve values are on trial")
	}
	// One in every fourth week: no week is unusual, and none is usual.
	if x := XmROf([]int{0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}); x.Limits || slices.Contains(x.Signals, true) {
		t.Errorf("what is rare has limits: %+v", x)
	}
}

// Worked by hand: 3 0 5 2 10 4 has the mean 4, so the limit is 4 + 3 × √(4 × 5) = 17.416, by
// the formula of Benneyan, "Number-between g-type statistical quality control charts for
// monitoring adverse events", 2001. With 40 in place of the 10 the mean is 9 and the limit
// 9 + 3 × √90 = 37.46: a run of 40 is more than usual.
func TestG(t *testing.T) {
	g := GOf([]int{3, 0, 5, 2, 10, 4})
	if math.Abs(g.Mean-4) > 1e-9 || math.Abs(g.High-17.41641) > 1e-5 || g.Low != 0 || !g.Limits || g.Firm || slices.Contains(g.Signals, true) {
		t.Errorf("%+v", g)
	}
	if g := GOf([]int{3, 0, 5, 2, 40, 4}); math.Abs(g.High-37.46050) > 1e-5 || !slices.Equal(g.Signals, []bool{false, false, false, false, true, false}) {
		t.Errorf("%+v", g)
	}
	if g := GOf([]int{1, 1, 1, 1, 90}); g.Limits || slices.Contains(g.Signals, true) {
		t.Errorf("five have a limit: %+v", g)
	}
	if g := GOf([]int{0, 0, 0, 0, 0, 0}); g.High != 0 || slices.Contains(g.Signals, true) {
		t.Errorf("all failed: %+v", g)
	}
}

func TestSignals(t *testing.T) {
	signals := func(counts ...int) (at []int) {
		for i, is := range XmROf(counts).Signals {
			if is {
				at = append(at, i)
			}
		}
		return at
	}
	// The mean is 36 ÷ 12 = 3, that of the ranges 46 ÷ 11: the upper limit is 14.1.
	if diff := cmp.Diff([]int{4}, signals(1, 2, 1, 2, 20, 1, 2, 1, 2, 1, 2, 1)); diff != "" {
		t.Error("one outside:", diff)
	}
	// Eight below the mean of 5, then eight above it: both runs.
	if got := signals(1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9); len(got) != 16 {
		t.Errorf("eight on one side: %v", got)
	}
	if got := signals(3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4); got != nil {
		t.Errorf("up and down: %v", got)
	}
	if got := signals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0); got != nil {
		t.Errorf("nothing at all: %v", got)
	}
}
