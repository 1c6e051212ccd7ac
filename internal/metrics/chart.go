package metrics

import "math"

// Chart limits need so many points.
const (
	trialPoints = 6
	firmPoints  = 12
)

// A Chart is single values with the limits of what is usual.
type Chart struct {
	Counts          []int
	Mean, Low, High float64
	Rare            bool   // fewer than one on average: of such counts nothing is usual
	Limits          bool   // there are enough values for limits, and not too rare ones
	Firm            bool   // there are so many that the limits are no longer on trial
	Signals         []bool // by value: it is not what is usual
}

// XmROf draws the limits at the mean ± 2.66 times the mean moving range.
func XmROf(counts []int) Chart {
	x := chartOf(counts)
	ranges := 0.0
	for i, c := range counts {
		if i > 0 {
			ranges += float64(max(c-counts[i-1], counts[i-1]-c))
		}
	}
	x.Rare = x.Mean < 1
	if x.Limits = x.Limits && !x.Rare; !x.Limits {
		return x
	}
	width := 2.66 * ranges / float64(len(counts)-1)
	x.Low, x.High = max(0, x.Mean-width), x.Mean+width
	x.signal(width)
	return x
}

// GOf draws the limit of a g chart, of how many deployments in a row did not fail: the
// mean + 3 × √(mean × (mean + 1)), as their number is distributed geometrically. There is
// none below: a failure right after another is never unusual.
func GOf(runs []int) Chart {
	g := chartOf(runs)
	if !g.Limits {
		return g
	}
	g.High = g.Mean + 3*math.Sqrt(g.Mean*(g.Mean+1))
	for i, run := range runs {
		g.Signals[i] = float64(run) > g.High
	}
	return g
}

func chartOf(counts []int) Chart {
	c := Chart{Counts: counts, Limits: len(counts) >= trialPoints, Firm: len(counts) >= firmPoints, Signals: make([]bool, len(counts))}
	for _, n := range counts {
		c.Mean += float64(n) / float64(len(counts))
	}
	return c
}

// signal marks what is outside the limits, eight in a row on one side of the mean, and
// three of four nearer to the same limit than to the mean.
func (x *Chart) signal(width float64) {
	run, side := 0, 0
	for i, c := range x.Counts {
		off := float64(c) - x.Mean
		if off > width || off < -width {
			x.Signals[i] = true
		}
		if now := sign(off); now != 0 && now == side {
			run++
		} else {
			run, side = min(1, now*now), now
		}
		if run >= 8 {
			for j := i - run + 1; j <= i; j++ {
				x.Signals[j] = true
			}
		}
		if width > 0 && i >= 3 {
			x.near(i, width)
		}
	}
}

// near marks those of the four up to i that are beyond half of the way to one limit,
// if they are three.
func (x *Chart) near(i int, width float64) {
	for _, side := range []float64{-1, 1} {
		var at []int
		for j := i - 3; j <= i; j++ {
			if side*(float64(x.Counts[j])-x.Mean) > width/2 {
				at = append(at, j)
			}
		}
		if len(at) >= 3 {
			for _, j := range at {
				x.Signals[j] = true
			}
		}
	}
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
