package disk

import "testing"

func TestWriterInLsof(t *testing.T) {
	for lsof, want := range map[string]string{
		"p12\ncless\nf3\nar\np40\nctee\nf3\naw\n": "tee (process 40)",
		"p12\ncvim\nf3\nar\nf4\nau\n":             "vim (process 12)",
		"p12\nctail\nf3\nar\n":                    "",
		"":                                        "",
	} {
		if got := writerIn(lsof); got != want {
			t.Errorf("%q: %q", lsof, got)
		}
	}
}
