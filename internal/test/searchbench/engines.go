package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

//go:embed pages
var pageFiles embed.FS

// pagesDir is the folder of the benchmark's pages in a site that is searched.
const pagesDir = "searchbench"

// engine is a search that is measured.
type engine struct {
	name string
	// index returns the command that indexes a site; nil for deploysite, whose
	// build does it.
	index func(ctx context.Context, s built) *exec.Cmd
	// data are patterns of the index's files in the site, code not included;
	// dialog those of the code of the engine's own interface.
	data, dialog []string
	// settings are given to the engine's page.
	settings func(s built) (any, error)
}

// built is a site, and the texts that it was built from.
type built struct {
	dir   string
	texts string // a file for writeTexts
}

func (s built) page(name string) string { return filepath.Join(s.dir, pagesDir, name) }

// engineNames are in the order in which they are shown.
var engineNames = []string{"deploysite", "pagefind", "minisearch"}

func engines(modules npm) []engine {
	return []engine{
		{
			name:     "deploysite",
			data:     []string{"search/*.js"},
			dialog:   []string{"assets/search.*js", "assets/search-dialog.*js"},
			settings: deploysiteSettings,
		}, {
			name: "pagefind",
			// What a careful owner of the site would choose: the records' pages, and
			// of these not what leads to other pages. Its settings for ranking change
			// nothing in the relevance set: which pages have all words decides.
			index: func(ctx context.Context, s built) *exec.Cmd {
				return exec.CommandContext(ctx, modules.pagefind, "--site", s.dir, "--glob", "records/*/index.html",
					"--root-selector", "main", "--exclude-selectors", ".crumbs, aside, .audit")
			},
			data:     []string{"pagefind/pagefind-entry.json", "pagefind/*.pf_meta", "pagefind/*/*.pf_*"},
			dialog:   []string{"pagefind/pagefind-component-ui.js", "pagefind/pagefind-component-ui.css"},
			settings: noSettings,
		}, {
			name: "minisearch",
			index: func(ctx context.Context, s built) *exec.Cmd {
				return exec.CommandContext(ctx, modules.node, s.page("minisearch-index.mjs"), modules.minisearchModule,
					s.page("minisearch-options.js"), s.texts, s.page("minisearch.json"))
			},
			data:     []string{pagesDir + "/minisearch.json"},
			settings: noSettings,
		},
	}
}

func noSettings(built) (any, error) { return struct{}{}, nil }

// deploysiteSettings finds the two files whose names depend on what is in them.
func deploysiteSettings(s built) (any, error) {
	engine, err := only(s.dir, "assets/search-engine*.js")
	if err != nil {
		return nil, err
	}
	manifest, err := only(s.dir, "search/manifest-*.js")
	return map[string]string{"engine": "../" + engine, "manifest": manifest}, err
}

// only is the one file in dir that matches, with slashes.
func only(dir, pattern string) (string, error) {
	found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("the site has %d files %s", len(found), pattern)
	}
	relative, err := filepath.Rel(dir, found[0])
	return filepath.ToSlash(relative), err
}

// writeScripts puts what the pages need into the site, before anything is
// indexed.
func writeScripts(s built, modules npm) error {
	pages, err := pageFiles.ReadDir("pages")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(s.dir, pagesDir), 0o755); err != nil {
		return err
	}
	for _, page := range pages {
		content, err := pageFiles.ReadFile("pages/" + page.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.page(page.Name()), content, 0o644); err != nil {
			return err
		}
	}
	library, err := os.ReadFile(modules.minisearchScript)
	if err != nil {
		return err
	}
	return os.WriteFile(s.page("minisearch-lib.js"), sourceMap.ReplaceAll(library, nil), 0o644)
}

// sourceMap is the line of a script that browsers with their tools open follow.
var sourceMap = regexp.MustCompile(`(?m)^//# sourceMappingURL=.*$`)

// writePage writes the page of one engine, after it has indexed the site.
func writePage(s built, e engine) error {
	settings, err := e.settings(s)
	if err != nil {
		return err
	}
	parsed, err := template.ParseFS(pageFiles, "pages/page.html")
	if err != nil {
		return err
	}
	var page bytes.Buffer
	data := struct {
		Name     string
		Settings any
	}{e.name, settings}
	if err := parsed.Execute(&page, data); err != nil {
		return err
	}
	return os.WriteFile(s.page(e.name+".html"), page.Bytes(), 0o644)
}

// writeIndexScript makes MiniSearch's index a script, which pages may load from
// the disk.
func writeIndexScript(s built) error {
	index, err := os.ReadFile(s.page("minisearch.json"))
	if err != nil {
		return err
	}
	quoted, err := json.Marshal(string(index))
	if err != nil {
		return err
	}
	script := append(append([]byte("var miniSearchIndex = "), quoted...), ';', '\n')
	return os.WriteFile(s.page("minisearch-index.js"), script, 0o644)
}
