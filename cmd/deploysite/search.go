package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
	"github.com/deploysite/deploysite/internal/version"
)

type searchOptions struct {
	limit   int
	json    bool
	isError bool
	facets  map[*facet.Facet]*string // a value to filter by, "" for none
}

func searchCommand(env *cli.Env) *cobra.Command {
	opt := searchOptions{facets: map[*facet.Facet]*string{}}
	cmd := &cobra.Command{
		Use:   "search [QUERY]",
		Short: "Search the records, as the site does",
		Long: `Search records, notes, process, checklist, documents, people, services,
environments and tags. What is found, and in which order, is as on the site.

All words of a query count, rare ones most. Words are found in other forms, in
the parts of names_like_this, without their accents, and with a typing error or
two. Besides words there are

  "lock timeout"       a phrase
  -staging             without this word
  service:checkout     filters: ` + strings.Join(facetNames(), ", ") + `
  before:2024-09       before a day, month or year; after: counts it in
  has:issue            with an issue, lesson, tip, or a step that failed

With --error the query is an error message or a log, and what is found is the
issues and records that had the like, with what helped. Numbers, times,
addresses and ids in it do not matter. The name of a file stands for what is in
it, and "-" for stdin.`,
		Example: `  deploysite search certificate service:checkout after:2024
  deploysite search '"lock timeout" -staging'
  deploysite search --deployer "Ada Park" --status failed
  deploysite search -- -staging rollback         # a query that begins with a -
  deploysite search --error 'ERROR: canceling statement due to lock timeout'
  kubectl logs deploy/checkout | deploysite search --error -`,
		Args: func(_ *cobra.Command, args []string) error {
			switch filtered := opt.query(nil) != ""; {
			case len(args) == 0 && (!filtered || opt.isError):
				return cli.Usagef("search needs something to search for")
			case filtered && opt.isError:
				return cli.Usagef("--error looks through all records; leave the filters out")
			case opt.limit < 1:
				return cli.Usagef("--limit must be 1 or more, not %d", opt.limit)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return searchRecords(cmd.Context(), env, opt, opt.query(args))
		},
	}
	f := cmd.Flags()
	f.IntVarP(&opt.limit, "limit", "n", 10, "show up to `N` results")
	f.BoolVar(&opt.json, "json", false, "print the results as JSON")
	f.BoolVar(&opt.isError, "error", false, "the query is an error message, or a file with it or a log; - reads stdin")
	for _, by := range facet.All {
		what, value := "this "+by.Name, "VALUE"
		if by == facet.Step {
			what, value = "a step in this state", "STATE"
		}
		opt.facets[by] = f.String(by.Name, "", fmt.Sprintf("only results with %s, as %s:`%s` in the query", what, by.Short(), value))
	}
	completeSearch(env, cmd)
	return cmd
}

// query is what is asked: the words with the filters that options stand for. They
// come first, since the last word may be the beginning of one.
func (opt searchOptions) query(words []string) string {
	var all []string
	for _, f := range facet.All {
		if value := *opt.facets[f]; value != "" {
			all = append(all, f.Name+`:"`+strings.NewReplacer(`"`, "", "“", "", "”", "", "„", "").Replace(value)+`"`)
		}
	}
	return strings.Join(append(all, words...), " ")
}

func searchRecords(ctx context.Context, env *cli.Env, opt searchOptions, query string) error {
	p, now, err := openProject(env)
	if err != nil {
		return err
	}
	if query == "-" && !opt.isError {
		return cli.Usagef("- reads an error from stdin; say --error as well")
	}
	if opt.isError && (query == "-" || isFile(env.Path(query))) {
		if query, err = readError(ctx, env, query); err != nil {
			return err
		}
	}
	if opt.isError && fileName().MatchString(query) {
		env.Tell("There is no file %s; its name is looked up as an error.", query)
	}
	bar := env.Progress()
	how := site.Options{Now: now, Version: version.Number(), Progress: func(done int) { bar.Show("reading records: %d", done) }}
	found, err := ask(ctx, p, opt, how, query, bar)
	if errors.Is(err, search.ErrDamaged) { // somebody changed the built site; the records are what counts
		how.Anew = true
		found, err = ask(ctx, p, opt, how, query, bar)
	}
	if err != nil {
		return err
	}
	for _, hint := range found.Hints {
		env.Tell("%s", hint)
	}
	if found.Corrected != "" {
		env.Tell("Showing results for: %s", found.Corrected)
	}
	if opt.json {
		return printJSON(env, found.Results)
	}
	return opt.printResults(env, p, query, found)
}

// maxStdin is how much of a log is read, in bytes. What tells an error is in
// its first lines.
const maxStdin = 1 << 20

func readError(ctx context.Context, env *cli.Env, name string) (string, error) {
	data, err := env.ReadInput(ctx, name, maxStdin)
	if err == nil && strings.TrimSpace(string(data)) == "" {
		if name == "-" {
			name = "stdin"
		}
		err = fmt.Errorf("%s is empty; an error message or a log belongs there", name)
	}
	return string(data), err
}

// fileName matches what is meant as the name of a file rather than as an error.
var fileName = text.Pattern(`^\S*[\pL\d_-]\.(?:log|txt|out|err|json|md)$|^\.{0,2}/\S+$`)

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// ask opens the index and asks it.
func ask(ctx context.Context, p *project.Project, opt searchOptions, how site.Options, query string, bar *cli.Progress) (search.Results, error) {
	ix, err := site.OpenSearch(ctx, p, how)
	bar.Clear()
	if err != nil {
		return search.Results{}, err
	}
	if !opt.isError {
		return ix.Search(ctx, search.Query{Text: query, Limit: opt.limit})
	}
	e := recall.Of(query)
	if len(e.Words) == 0 {
		return search.Results{}, errors.New("there is no word in the error; numbers, times and ids alone cannot be looked up")
	}
	seen, err := ix.Similar(ctx, e, opt.limit)
	return search.Results{Results: seen, Total: len(seen)}, err
}

func printJSON(env *cli.Env, results []search.Result) error {
	for i := range results {
		if r := &results[i]; len(r.Excerpt) == 0 && len(r.Notes) > 0 {
			r.Excerpt = r.Notes[0].Excerpt
		}
	}
	return env.IndentedJSON(struct {
		Results []search.Result `json:"results"`
	}{append([]search.Result{}, results...)})
}

func (opt searchOptions) printResults(env *cli.Env, p *project.Project, query string, found search.Results) error {
	switch page := search.PageAlone(query); {
	case found.Total > 0:
	case page != "" && !opt.isError:
		env.Tell("Nothing found: without a word, only records and their notes are. Add one that is on a page of the kind %s, such as: kind:%s WORD", page, page)
	default:
		env.Tell("Nothing found.")
	}
	mark := tty.Is(env.Stdout) && env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb"
	err := search.Print(env.Stdout, found.Results, mark, recordFiles(p))
	if found.Total > len(found.Results) {
		env.Tell("%d of %d results; -n shows more.", len(found.Results), found.Total)
	}
	return err
}

// recordFiles are the files of all records by ID, as people in the project's
// folder find them.
func recordFiles(p *project.Project) map[string]string {
	files := map[string]string{}
	for _, src := range p.Sources() {
		names, _ := store.Folder{FS: os.DirFS(src.RecordsDir()), Dir: "."}.Names()
		for _, name := range names {
			files[src.ID(store.ID(name))] = src.Shown(path.Join(src.Config.Records, name))
		}
	}
	return files
}
