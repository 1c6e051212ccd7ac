package secrets

import (
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	aws := "AKIA" + "ABCDEFGHIJKLMNOP" // in two pieces, or scanners would stumble over it
	text := strings.Join([]string{"plain words", "key " + aws, "password = hunter2hunter2", "password: $SECRET", "postgres://ada:s3cret@db/shop"}, "\n")
	want := []Secret{{2, 16, "an AWS access key", true}, {3, 37, "a password", false}, {5, 81, "a password in an address", false}}
	if got := Find(text); !slices.Equal(got, want) {
		t.Errorf("Find = %v, want %v", got, want)
	}
}
