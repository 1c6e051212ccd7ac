package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/audit"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/text"
)

// auditOptions is one call of the command audit.
type auditOptions struct {
	from, to, seed string
	sample         int
	json, csv      bool
}

func auditCommand(env *cli.Env) *cobra.Command {
	opt := auditOptions{}
	cmd := cli.Alone(&cobra.Command{
		Use:   "audit",
		Short: "Draw a sample of deployments, with what records and git show of each",
		Long: `Draw a sample of the deployments to production that began in a time, and say of
each what records and git show: the request, the reason, the risk, the tests, who
approved, who deployed, who committed the record when, whether those commits are
signed, what was changed after the deployment had ended, and what is missing.

The same seed draws the same sample: those with the smallest SHA-256 of the seed, a
line feed and the record's ID. What records cannot show is in the guide, with where
the evidence for it must come from.

Signatures are checked by git with this machine's keys. Where a key is not here the
answer is "cannot-tell", which is not "none".`,
		Example: `  deploysite audit --from 2026-07-01 --to 2026-09-30
  deploysite audit --from 2026-07-01 --to 2026-09-30 --sample 40 --seed "audit of 2026"
  deploysite audit --sample 5 --json`,
	}, func(ctx context.Context) error { return drawAudit(ctx, env, opt) })
	f := cmd.Flags()
	f.StringVar(&opt.from, "from", "", "only deployments that began on this `DAY` or later, such as 2026-07-01")
	f.StringVar(&opt.to, "to", "", "only deployments that began on this `DAY` or before")
	f.StringVar(&opt.seed, "seed", "", "any `TEXT`; the same one draws the same sample. Default: the two days")
	f.IntVar(&opt.sample, "sample", 25, "draw `N` deployments")
	f.BoolVar(&opt.json, "json", false, "print the report as JSON")
	f.BoolVar(&opt.csv, "csv", false, "print a row for each deployment as CSV")
	cli.OneFormat(cmd, "json", "csv")
	for _, flag := range []string{"from", "to", "seed", "sample"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
	return cmd
}

func drawAudit(ctx context.Context, env *cli.Env, opt auditOptions) error {
	p, now, err := openProject(env)
	if err != nil {
		return err
	}
	if _, _, err := days("from", opt.from, "to", opt.to, p.Config.Location); err != nil {
		return err
	}
	if opt.sample < 1 {
		return cli.Usagef("--sample must be at least 1, not %d", opt.sample)
	}
	s, err := loadToCount(ctx, env, p, now)
	if err != nil {
		return err
	}
	defer s.Close()
	report, err := s.Audit(ctx, site.AuditOptions{From: opt.from, To: opt.to, Sample: opt.sample, Check: true,
		Seed: cmp.Or(opt.seed, strings.TrimSpace(opt.from+" "+opt.to))})
	if err != nil {
		return err
	}
	switch {
	case opt.json:
		return env.IndentedJSON(struct {
			Version int `json:"version"`
			*audit.Report
		}{1, report})
	case opt.csv:
		return printAuditCSV(env, report)
	}
	return printAudit(env, report, s.PerhapsProduction())
}

// gapSays says what each kind of gap means.
var gapSays = map[audit.Kind]string{
	audit.Demanded:     "is demanded, and was not found:",
	audit.NoOutcome:    "no outcome was found among its facts",
	audit.InProgress:   "the record says that it is still in progress",
	audit.NoStart:      "no start was found among its facts",
	audit.NoEnd:        "no end was found among its facts",
	audit.NoDeployer:   "nobody who deployed was found among its facts",
	audit.SamePerson:   "who approved it is who deployed it",
	audit.NoTrail:      "git does not tell of the record, or not of all:",
	audit.NotCommitted: "the record is not committed",
	audit.Differs:      "the record is not as it is committed",
	audit.WrongSigned:  "the signature is bad, or its key was revoked:",
	audit.ChangedLater: "changed after the deployment had ended:",
}

// trailSays is why git does not tell of a record, by the names that the report has for it.
var trailSays = map[string]string{
	"no-repository": "there is no git repository",
	"no-git":        "git is not installed",
	"other-user":    "the repository belongs to another user",
	"elsewhere":     "git is led to another repository",
	"unread":        "git could not be asked",
	"cut":           "this shallow clone has none of its commits",
	"cut-off":       "this shallow clone has only its newest commits",
	"unlogged":      "it is committed, and git does not show by which commit",
}

func gapWords(g audit.Gap) string {
	fact := short(g.Fact)
	if g.Kind == audit.NoTrail {
		fact = cmp.Or(trailSays[g.Fact], fact)
	}
	return strings.TrimSpace(gapSays[g.Kind] + " " + fact)
}

// short is a hash as people write it; other words are left as they are.
func short(s string) string {
	if len(s) >= 40 && strings.Trim(s, "0123456789abcdef") == "" {
		return s[:12]
	}
	return s
}

func printAudit(env *cli.Env, r *audit.Report, perhaps string) error {
	out := bufio.NewWriter(env.Stdout)
	fmt.Fprintf(out, "Drawn: %d of %s to production%s\n", len(r.Sample), text.Count(r.Population, "deployment"), timeSpan(r))
	if r.Seed == "" {
		fmt.Fprintln(out, "Seed: none, which is an empty text")
	} else {
		fmt.Fprintf(out, "Seed: %q\n", text.Visible(r.Seed))
	}
	if r.Apart > 0 {
		fmt.Fprintf(out, "Not among them: %s without an environment\n", text.Count(r.Apart, "deployment"))
	}
	for _, it := range r.Sample {
		printItem(out, it)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	tellPerhaps(env, perhaps)
	return nil
}

func timeSpan(r *audit.Report) string {
	switch {
	case r.From == "" && r.To == "":
		return ", of all time"
	case r.To == "":
		return " that began on " + r.From + " or later"
	case r.From == "":
		return " that began on " + r.To + " or before"
	}
	return " that began from " + r.From + " to " + r.To
}

func printItem(out *bufio.Writer, it *audit.Item) {
	fmt.Fprintf(out, "\n%s\n", oneLine(text.Join(" · ", it.ID, it.Title)))
	line := func(name, value string) { fmt.Fprintf(out, "  %-12s %s\n", name, oneLine(cmp.Or(value, "–"))) }
	outcome := it.Status
	if slices.ContainsFunc(it.Gaps, func(g audit.Gap) bool { return g.Kind == audit.NoOutcome }) {
		outcome = "unknown"
	}
	line("outcome", text.Join(" · ", outcome, it.Steps))
	line("began", text.Join(" to ", orEmpty(it.Started), orEmpty(it.Finished)))
	line("what", text.Join(" → ", text.Join(" ", strings.Join(it.Services, ", "), orEmpty(it.Version)), strings.Join(it.Environments, ", ")))
	var links []string
	for _, name := range sortedKeys(it.Links) {
		links = append(links, name+" "+it.Links[name])
	}
	line("links", strings.Join(links, ", "))
	for _, name := range factNames(it) {
		line(name, it.Facts[name])
	}
	line("deployed by", strings.Join(it.Deployers, ", "))
	approved := strings.Join(it.ApprovedBy, ", ")
	if it.FourEyes != nil && *it.FourEyes {
		approved += " (somebody else than who deployed)"
	}
	line("approved by", approved)
	for i, c := range it.Commits {
		line(map[bool]string{true: "committed"}[i == 0], fmt.Sprintf("%s %s, %s, signature: %s", c.Hash[:min(12, len(c.Hash))], c.Author, c.Time, c.Signature))
	}
	for _, c := range it.Changes {
		line("changed", fmt.Sprintf("%s %s, %s: %s", c.Commit[:min(12, len(c.Commit))], c.Author, c.Time, cmp.Or(strings.Join(c.What, "; "), "nothing but blanks")))
		for l := range strings.Lines(c.Diff) {
			fmt.Fprintf(out, "               %s\n", oneLine(l))
		}
	}
	for _, g := range it.Gaps {
		line("gap", gapWords(g))
	}
}

func oneLine(s string) string { return text.Visible(text.OneLine(s, 300)) }

// factNames are the usual facts, and then those that are demanded and there.
func factNames(it *audit.Item) []string {
	names := slices.Clone(audit.Usual)
	for _, name := range sortedKeys(it.Facts) {
		if !slices.Contains(names, name) && name != "approved_by" && !strings.HasPrefix(name, audit.LinkPrefix) {
			names = append(names, name)
		}
	}
	return names
}

func sortedKeys(m map[string]string) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func printAuditCSV(env *cli.Env, r *audit.Report) error {
	out := csv.NewWriter(env.Stdout)
	_ = out.Write([]string{"id", "file", "title", "status", "started", "finished", "services", "environments", "version", "commit", "links",
		"reason", "risk", "tests", "deployers", "approved_by", "four_eyes", "commits", "changes", "gaps"})
	for _, it := range r.Sample {
		four, links, commits, gaps := "", []string{}, []string{}, []string{}
		if it.FourEyes != nil {
			four = fmt.Sprint(*it.FourEyes)
		}
		for _, name := range sortedKeys(it.Links) {
			links = append(links, name+" "+it.Links[name])
		}
		for _, c := range it.Commits {
			commits = append(commits, c.Hash+" "+string(c.Signature))
		}
		for _, g := range it.Gaps {
			gaps = append(gaps, strings.TrimSpace(string(g.Kind)+" "+g.Fact))
		}
		row := []string{it.ID, it.File, it.Title, it.Status, orEmpty(it.Started), orEmpty(it.Finished), strings.Join(it.Services, "; "), strings.Join(it.Environments, "; "),
			orEmpty(it.Version), orEmpty(it.Commit), strings.Join(links, "; "), it.Facts["reason"], it.Facts["risk"], it.Facts["tests"],
			strings.Join(it.Deployers, "; "), strings.Join(it.ApprovedBy, "; "), four, strings.Join(commits, "; "), fmt.Sprint(len(it.Changes)), strings.Join(gaps, "; ")}
		for i := range row {
			row[i] = text.Visible(row[i])
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error()
}
