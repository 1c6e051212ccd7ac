package metrics

import "math"

// z is the normal distribution's quantile for intervals of 95 %.
const z = 1.959963984540054

// Wilson is the 95 % interval of a proportion, k of n.
func Wilson(k, n int) (low, high float64) {
	of, p := float64(n), float64(k)/float64(n)
	middle := (p + z*z/(2*of)) / (1 + z*z/of)
	half := z / (1 + z*z/of) * math.Sqrt(p*(1-p)/of+z*z/(4*of*of))
	return max(0, middle-half), min(1, middle+half)
}

// Median is the middle of values in order, of which there is at least one.
func Median(values []float64) float64 {
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// MedianInterval is the interval of a median by order statistics, of values in order:
// it holds with at least 95 %, whatever they are distributed like. Fewer than six
// have none.
func MedianInterval(values []float64) (low, high float64, ok bool) {
	rank := medianRank(len(values))
	if rank == 0 {
		return 0, 0, false
	}
	return values[rank-1], values[len(values)-rank], true
}

// medianRank is the rank of the lower end, from 1; the upper end has it from behind.
// It is the largest for which fewer values than that lie below the median with at
// most 2.5 %; how many lie below is binomial, like heads of a coin.
func medianRank(n int) (rank int) {
	all, below := math.Log(2)*float64(n), 0.0
	lgamma := func(i int) float64 { v, _ := math.Lgamma(float64(i + 1)); return v }
	whole := lgamma(n)
	for i := max(0, n/2-int(6*math.Sqrt(float64(n)))); i < n; i++ { // what is below that is nearly 0
		if below += math.Exp(whole - lgamma(i) - lgamma(n-i) - all); below > 0.025 {
			return i
		}
	}
	return 0
}
