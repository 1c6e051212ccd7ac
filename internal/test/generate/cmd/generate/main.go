// Command generate writes a project with a made-up deployment history:
//
//	go run ./internal/test/generate/cmd/generate -n 10000 -o /tmp/history
//	go run ./internal/test/generate/cmd/generate -sources 50 -n 2000 -o /tmp/organisation
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/deploysite/deploysite/internal/test/generate"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stderr))
}

func run(args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	n := flags.Int("n", 1000, "how many records, in each source")
	sources := flags.Int("sources", 0, "how many sources the site has; 0 writes a project by itself")
	dir := flags.String("o", "", "the `folder` to write to; empty or new")
	seed := flags.Uint64("seed", 1, "the same seed gives the same history")
	size := flags.Int("size", generate.DefaultSize, "mean `bytes` of a record")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if *dir == "" || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "generate: say where to write, as in: generate -n 1000 -o /tmp/history")
		return 2
	}
	options := generate.Options{Seed: *seed, Size: *size}
	var err error
	if *sources > 0 {
		err = generate.Organisation(*dir, *sources, *n, options)
	} else {
		err = generate.Project(*dir, *n, options)
	}
	if err != nil {
		fmt.Fprintln(stderr, "generate:", err)
		return 1
	}
	return 0
}
