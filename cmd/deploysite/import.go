package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/importer"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

type importOptions struct {
	format      string
	write       bool
	json        bool
	all         bool
	service     string
	environment string
	status      string
	timezone    string
	dateFormat  string
	columns     map[string]string
}

func importCommand(env *cli.Env) *cobra.Command {
	opt := importOptions{}
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Make records of a deployment log, of GitHub's or GitLab's deployments, or of a CSV",
		Long: `Make records of what a team has already. It prints what it understood and what
it did not, and writes nothing until you say --write.

  log     Markdown with a section, a list item or a table row a deployment
  github  JSON of gh: deployments with their statuses, workflow runs, releases
  gitlab  JSON of glab: deployments, releases
  csv     a table with a row a deployment, parted by , ; | or tabs

A section of a log becomes the body of its record byte for byte; what JSON and
CSV say beyond the known facts is kept in the record as well. What a source does
not say stays unknown, and a date that can be read in two ways is not guessed.
Nothing is overwritten. Importing the same source again adds only what is new.

"-" reads stdin. The exit status is 1 if a deployment was found that no record
can be made of.`,
		Example: `  deploysite import DEPLOYMENT_LOG.md
  deploysite import DEPLOYMENT_LOG.md --write
  gh api 'repos/{owner}/{repo}/deployments' --paginate | deploysite import - --write
  gh run list --workflow deploy.yml -L 1000 --json databaseId,createdAt,updatedAt,headSha,headBranch,displayTitle,conclusion,status,url | deploysite import -
  deploysite import deployments.json statuses.json
  deploysite import releases.csv --column date='Went live' --column deployer=Owner --date-format dmy`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cli.Usagef("import needs a file, or - for stdin")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return importFiles(cmd.Context(), env, opt, args)
		},
	}
	f := cmd.Flags()
	f.BoolVarP(&opt.write, "write", "w", false, "write the records; without it nothing is written")
	f.StringVar(&opt.format, "format", "", "read it as `FORMAT`: log, github, gitlab or csv (default: by the content)")
	f.StringVarP(&opt.service, "service", "s", "", "the `NAME` of what was deployed, where nothing says it")
	f.StringVarP(&opt.environment, "environment", "e", "", "the `NAME` of where it went, where nothing says it")
	f.StringVar(&opt.status, "status", "", "the `STATUS` of those that say none: succeeded, failed, …")
	f.StringVar(&opt.timezone, "timezone", "", "the `ZONE` of clock times without an offset, such as Europe/Berlin")
	f.StringVar(&opt.dateFormat, "date-format", "", "read 01/02/2024 in this `ORDER`: dmy, day and month, or mdy, month and day")
	f.StringToStringVar(&opt.columns, "column", nil, "the column of a CSV that holds a fact, as `KEY=HEADER`; may be repeated")
	f.Lookup("column").DefValue = "" // help would say "[]"
	f.BoolVar(&opt.all, "all", false, "list every record in the report, however many")
	f.BoolVar(&opt.json, "json", false, "print the whole report as JSON")
	for flag, values := range map[string][]string{
		"format": cli.Names(importer.Formats), "status": cli.Names(records.Statuses), "date-format": {"dmy", "mdy"}, "column": cli.Names(importer.Keys),
	} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	completeFacets(env, cmd, []*facet.Facet{facet.Service, facet.Environment})
	_ = cmd.RegisterFlagCompletionFunc("timezone", cobra.NoFileCompletions)
	return cmd
}

func importFiles(ctx context.Context, env *cli.Env, opt importOptions, files []string) error {
	p, err := openForImport(env)
	if err != nil {
		return err
	}
	how, err := opt.reading(p)
	if err != nil {
		return err
	}
	sources, err := readSources(ctx, env, p, files)
	if err != nil {
		return err
	}
	got := importer.Read(sources, how)
	plan, failed, err := opt.carryOut(ctx, env, p, got)
	if err != nil {
		return err
	}
	report := importer.NewReport(p.Root, p.Config.Records, got, plan, opt.write)
	report.All = opt.all
	if opt.json {
		err = env.IndentedJSON(report)
	} else {
		err = report.Print(env.Stdout)
	}
	work.WarnUnlisted(env, p)
	switch {
	case failed != nil && ctx.Err() != nil:
		env.Tell("deploysite: interrupted; %s written, and the same command writes the others", text.Count(plan.Count(importer.Written), "record"))
		return cli.ErrReported
	case failed != nil:
		return fmt.Errorf("%w; %s written before that, and the same command writes the others", failed, text.Count(plan.Count(importer.Written), "record"))
	case err != nil:
		return err
	case report.Counts.Refused > 0 || len(report.Records) == 0:
		return cli.ErrReported
	}
	return nil
}

// carryOut compares what was found with the records that are there, and writes the
// new ones if it was asked to. Another import has to wait meanwhile, or both would
// write the same.
func (opt importOptions) carryOut(ctx context.Context, env *cli.Env, p *project.Project, got *importer.Reading) (plan *importer.Plan, failed, err error) {
	if opt.write && len(got.Drafts) > 0 {
		unlock, err := store.LockFolder(ctx, p.RecordsDir(), func() {
			env.Tell("waiting for another command that writes records")
		})
		if err != nil {
			return nil, nil, err
		}
		defer unlock()
	}
	if plan, err = importer.MakePlan(ctx, p.RecordsDir(), got.Drafts); err != nil || !opt.write {
		return plan, nil, err
	}
	bar := env.Progress()
	defer bar.Clear()
	failed = plan.Write(ctx, func(done, total int) { bar.Show("writing records: %d of %d", done, total) })
	return plan, failed, nil
}

// openForImport finds the project, whose folder of records need not be there yet.
func openForImport(env *cli.Env) (*project.Project, error) {
	p, err := findProject(env)
	if err != nil {
		return nil, err
	}
	if info, err := os.Lstat(p.RecordsDir()); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder; records are written into a folder", p.Config.Records)
	}
	return p, nil
}

// reading is how the sources are to be read.
func (opt importOptions) reading(p *project.Project) (importer.Options, error) {
	how := importer.Options{
		Format: importer.Format(opt.format), DateOrder: importer.DateOrder(strings.ToLower(opt.dateFormat)), Project: p.Config.Location,
		Service: cmp.Or(opt.service, p.Config.Service), Environment: cmp.Or(opt.environment, p.Config.Environment), Status: records.Status(opt.status), Columns: opt.columns,
	}
	var err error
	switch {
	case how.Format != importer.Guess && !slices.Contains(importer.Formats, how.Format):
		err = fmt.Errorf("--format is %q; it must be log, github, gitlab or csv", opt.format)
	case how.Status != "" && !slices.Contains(records.Statuses, how.Status):
		err = fmt.Errorf("--status is %q; it must be one of in-progress, succeeded, failed, rolled-back, cancelled", opt.status)
	case !slices.Contains([]importer.DateOrder{importer.UnknownOrder, importer.DayFirst, importer.MonthFirst}, how.DateOrder):
		err = fmt.Errorf("--date-format is %q; it must be dmy or mdy", opt.dateFormat)
	}
	for key := range opt.columns {
		if !slices.Contains(importer.Keys, importer.Key(key)) && err == nil {
			err = fmt.Errorf("--column %s: there is no such key; there are %s", key, strings.Join(cli.Names(importer.Keys), ", "))
		}
	}
	if opt.timezone != "" && err == nil {
		if how.Zone, err = time.LoadLocation(opt.timezone); err != nil || opt.timezone == "Local" {
			err = fmt.Errorf("--timezone is %q; it must be a name such as Europe/Berlin or UTC", opt.timezone)
		}
	}
	if err != nil {
		return how, cli.Usage(err)
	}
	return how, nil
}

// maxSource is the size in bytes of the largest source.
const maxSource = 256 << 20

func readSources(ctx context.Context, env *cli.Env, p *project.Project, files []string) (all []importer.Source, err error) {
	for _, name := range files {
		data, err := readSource(ctx, env, name)
		if err != nil {
			return nil, err
		}
		all = append(all, importer.Source{Name: sourceName(env, p, name), Data: data})
	}
	return all, nil
}

func readSource(ctx context.Context, env *cli.Env, name string) ([]byte, error) {
	if info, err := os.Stat(env.Path(name)); err == nil && info.IsDir() && name != "-" {
		return nil, fmt.Errorf("%s is a folder; import reads files", name)
	}
	data, err := env.ReadInput(ctx, name, maxSource+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s", name)
	case err != nil:
		return nil, err
	case len(data) > maxSource:
		return nil, fmt.Errorf("%s has more than 256 MiB; import it in pieces", name)
	case len(strings.TrimSpace(string(data[:min(len(data), 4096)]))) == 0:
		if name == "-" {
			return nil, errors.New("stdin is empty; pipe a log or a CSV file into it")
		}
		return nil, fmt.Errorf("%s is empty", name)
	}
	return data, nil
}

// sourceName is what a source is called in reports and records: a file of the
// project by its path in there, others by their name alone, since the way to them
// tells about somebody's machine.
func sourceName(env *cli.Env, p *project.Project, name string) string {
	if name == "-" {
		return importer.Stdin
	}
	path, err := filepath.Abs(env.Path(name))
	if err != nil {
		return filepath.Base(name)
	}
	if rel, err := filepath.Rel(p.Root, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(path)
}
