package main

import (
	"flag"
	"testing"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/test/reference"
)

var update = flag.Bool("update", false, "write the command reference into docs/")

// TestReference holds the pages about the commands to the commands themselves.
func TestReference(t *testing.T) {
	reference.Check(t, func() *cobra.Command { return rootCommand(&cli.Env{}) }, *update)
}
