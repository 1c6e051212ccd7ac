package records

import "testing"

// TestSaid is what lists show of an issue with pasted output below it.
func TestSaid(t *testing.T) {
	r := Parse("2024-08-31-14-30-deployment.md", []byte("# A\n\n## Issues\n\n- First node is silent\n  ```text\n  boom\n  ```\n- Second node too\n"), Options{})
	for i, want := range []string{"First node is silent", "Second node too"} {
		if got := r.Notes[i].Summary(); got != want {
			t.Errorf("note %d: %q, want %q", i, got, want)
		}
	}
}
