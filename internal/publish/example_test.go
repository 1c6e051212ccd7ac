package publish_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/deploysite/deploysite/internal/publish"
)

func Example() {
	project, err := os.MkdirTemp("", "jump-man")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(project)
	files := []publish.File{
		publish.Static("index.html", []byte("<h1>Deployments</h1>")),
		publish.Static("404.html", []byte("<h1>Not here</h1>")),
	}
	for range 2 {
		stats, err := publish.Publish(context.Background(), filepath.Join(project, "public"), files, publish.Options{
			Project:   project,
			Protected: []string{"deployments/checklists", "docs", "themes", ".git"},
		})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %d written, %d unchanged\n", stats.Way, stats.Written, stats.Unchanged)
	}
	// Output:
	// created: 2 written, 0 unchanged
	// unchanged: 0 written, 2 unchanged
}
