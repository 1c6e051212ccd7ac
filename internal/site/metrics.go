package site

import (
	"context"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/records"
)

// Metrics counts the deployments that began in a time; both ends may be zero.
func (s *Site) Metrics(since, until time.Time) []*metrics.Line {
	return metrics.Of(s.deployments(), metrics.Options{Now: s.options.Now, Week: s.config.Metrics.Week.Go(), Since: since, Until: until})
}

// deployments are all records as the numbers take them, newest first.
func (s *Site) deployments() []*metrics.Deployment {
	all := make([]*metrics.Deployment, len(s.Entries))
	of := make(map[*Entry]*metrics.Deployment, len(s.Entries))
	for i, e := range s.Entries {
		d := &metrics.Deployment{Record: e.Record, Services: names(e.Terms(facet.Service)), Planned: e.Planned, FailedAt: e.failedAt, Graph: e.source.trail.graph}
		for _, t := range e.Terms(facet.Environment) {
			if e.source.config.IsProduction(t.Name) {
				d.Environments = append(d.Environments, t.Name)
			}
		}
		d.Elsewhere = len(d.Environments) == 0 && len(e.Terms(facet.Environment)) > 0
		d.Hotfix = slices.ContainsFunc(e.Tags, func(tag records.Text) bool { return e.source.config.IsHotfix(tag.Value) })
		all[i], of[e] = d, d
	}
	for i, e := range s.Entries {
		all[i].Undoes, all[i].Repairs = of[e.Undoes], of[e.Repairs]
	}
	return all
}

func (e *Entry) isProduction() bool {
	return slices.ContainsFunc(records.Values(e.Environments), e.source.config.IsProduction)
}

// deployedCommits are the commits that were deployed to production, in order.
func (src *source) deployedCommits() (hashes []string) {
	for _, e := range src.entries {
		if e.Status == records.Succeeded && e.isProduction() && !e.Commit.IsZero() {
			hashes = append(hashes, e.Commit.Value)
		}
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// readGraph reads how commits follow each other, unless it has done so. Where git
// fails, the numbers say that it was not asked.
func (t *trail) readGraph(ctx context.Context, hashes []string) {
	if t.repo == nil || t.graph != nil && slices.Equal(t.graphOf, hashes) {
		return
	}
	t.graph, _ = t.repo.Graph(ctx, hashes)
	t.graphOf = hashes
}
