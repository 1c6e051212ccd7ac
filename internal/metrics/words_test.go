package metrics

import "testing"

// Several values in place of a median say that they are several.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{90}, "1 min"},
		{[]float64{20, 40}, "2 × under 1 min"},
		{[]float64{20, 40, 60}, "each: 2 × under 1 min, 1 min"},
	} {
		r := Row{Metric: Duration, Values: c.values, Value: new(1.0)}
		if got := r.Cells()[0]; got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}
