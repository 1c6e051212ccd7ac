package work

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// settleNames makes sure that the services, environment and people that somebody named
// are known, or meant to be new. On a terminal it asks; elsewhere a name that no
// record has is an error. The first records of a project may name anything.
func (n *New) settleNames(ctx context.Context) error {
	if n.IsNew || n.Dir != "" { // the records of another folder are others
		return nil
	}
	history := &names{n: n}
	if err := n.askService(ctx); err != nil {
		return err
	}
	var environments []string
	if n.Environment != "" {
		environments = []string{n.Environment}
	}
	for _, named := range []struct {
		facet  *facet.Facet
		values []string
	}{{facet.Service, n.Services}, {facet.Environment, environments}, {facet.Deployer, n.Deployers}} {
		for i, value := range named.values {
			meant, err := history.settle(ctx, named.facet, strings.TrimSpace(value))
			if err != nil {
				return err
			}
			named.values[i] = meant
		}
	}
	if environments != nil {
		n.Environment = environments[0]
	}
	return nil
}

// settleRecords finds the records that somebody named. Those of another folder, or of
// another source of a site, cannot be looked up here.
func (n *New) settleRecords() error {
	for flag, id := range map[string]*string{"--rollback-of": &n.RollbackOf, "--fixes": &n.Fixes} {
		if *id == "" || n.Dir != "" || strings.Contains(*id, "/") {
			continue
		}
		names, err := (&Job{Env: n.Env, Project: n.Project}).Folder().Names()
		if err != nil {
			return err
		}
		switch found := store.Called(names, *id); len(found) {
		case 1:
			*id = store.ID(found[0])
		case 0:
			return cli.Usage(fmt.Errorf("%s: %w", flag, noRecord(*id, n.Project.Config.Records)))
		default:
			return cli.Usagef("%s: %d records begin with %s; write the whole ID, such as %s", flag, len(found), *id, store.ID(found[0]))
		}
	}
	return nil
}

// askService asks which service is deployed, where nobody said it and the newest
// records know several. Enter leaves it to the repository's name.
func (n *New) askService(ctx context.Context) error {
	if len(n.Services) > 0 || n.Project.Config.Service != "" || !n.Env.Interactive() {
		return nil
	}
	known := n.Values(facet.Service.Name)
	if len(known) < 2 {
		return nil
	}
	service, err := choose(ctx, n.Env, "Nobody said which service is deployed.", known, "", "")
	if service != "" {
		n.Services = []string{service}
	}
	return err
}

// names are those that the records have. Most are found at a glance at the newest
// records; only for one that is not are all records read.
type names struct {
	n   *New
	all map[*facet.Facet][]string // nil before that
}

// settle returns the name that is meant.
func (k *names) settle(ctx context.Context, f *facet.Facet, name string) (string, error) {
	same := func(other string) bool { return text.Same(name, other) }
	if name == "" || slices.ContainsFunc(k.n.Values(f.Name), same) {
		return name, nil
	}
	known, err := k.known(ctx, f)
	if err != nil || len(known) == 0 || slices.ContainsFunc(known, same) {
		return name, err
	}
	near := text.Nearest(name, known)
	if near == "" && f == facet.Deployer {
		return name, nil // a new colleague
	}
	env := k.n.Env
	if env.Interactive() {
		return choose(ctx, env, fmt.Sprintf("No %s %q was found among the facts of the records.", f.Name, name), known, near, name)
	}
	hint := "the records have " + listOf(known) + ";"
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	return "", cli.Usagef("no %s %q was found among the facts of the records; %s --new says that it is meant", f.Name, name, hint)
}

func listOf(known []string) string {
	const some = 8
	list := strings.Join(known[:min(some, len(known))], ", ")
	if more := len(known) - some; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// known are all names of a facet, as most records write them, in order.
func (k *names) known(ctx context.Context, f *facet.Facet) ([]string, error) {
	if k.all == nil {
		p := k.n.Project
		history, err := store.Load(ctx, p.Files(), p.Config.Records, p.Options(), func(*records.Record) {})
		if err != nil {
			return nil, err
		}
		k.all = map[*facet.Facet][]string{}
		for _, f := range []*facet.Facet{facet.Service, facet.Environment, facet.Deployer} {
			found := spellings{}
			for _, r := range history.Records {
				for _, value := range f.Values(r) {
					if !value.IsZero() {
						found.add(value)
					}
				}
			}
			for _, spelling := range found {
				k.all[f] = append(k.all[f], spelling.Name)
			}
			if f == facet.Deployer && len(found) > 0 {
				for _, person := range p.Config.People {
					k.all[f] = append(k.all[f], append(person.Aliases, person.Name)...)
				}
			}
			slices.Sort(k.all[f])
		}
	}
	return k.all[f], nil
}

// choose lets somebody on a terminal choose one of some names. Enter takes the usual
// one, and + the new one that was given.
func choose(ctx context.Context, env *cli.Env, why string, known []string, usual, given string) (string, error) {
	env.Tell("%s The records have:", why)
	for i, name := range known[:min(len(known), maxListed)] {
		env.Tell("  %d  %s", i+1, name)
	}
	question := "Which is meant? A number or a name"
	if given != "" {
		question += fmt.Sprintf(", + for the new one %q", given)
	}
	if usual != "" {
		question += ", Enter for " + usual
	} else if given == "" {
		question += ", Enter for the repository's"
	}
	for {
		answer, err := env.Ask(ctx, "%s:", question)
		if errors.Is(err, io.EOF) {
			return "", errors.New("nothing was started: nobody said what is meant")
		}
		i, notNumber := strconv.Atoi(answer)
		switch {
		case err != nil:
			return "", err
		case answer == "" && (usual != "" || given == ""):
			return usual, nil
		case answer == "+" && given != "":
			return given, nil
		case notNumber == nil && i >= 1 && i <= len(known):
			return known[i-1], nil
		}
		for _, name := range known {
			if text.Same(name, answer) {
				return name, nil
			}
		}
		env.NoAnswer(answer)
	}
}
