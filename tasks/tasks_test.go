package tasks

import (
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// Whoever includes the tasks and whoever has the block get the same ones.
func TestBlock(t *testing.T) {
	var shared, block map[string]any
	if _, err := toml.Decode(included, &shared); err != nil {
		t.Fatal(err)
	}
	if _, err := toml.Decode(Block(), &block); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"tasks": shared}, block); diff != "" {
		t.Errorf("the block is not the shared tasks (-shared +block):\n%s", diff)
	}
}
