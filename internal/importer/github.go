package importer

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// deploymentID begins the IDs of GitHub's deployments.
const deploymentID = "github-deployment-"

// githubShapes are what gh prints: the REST API's names by "gh api", others by
// "gh … list --json".
var githubShapes = []shape{
	{"deployment", deploymentID, func(o object) bool { return o.has("id", "sha", "environment", "created_at") }, readDeployment},
	{"workflow run", "github-run-", func(o object) bool {
		return o.has("headSha", "createdAt") || o.has("databaseId", "createdAt") || o.has("head_sha", "created_at", "run_number")
	}, readRun},
	{"release", "github-release-", func(o object) bool { return o.has("tagName") || o.has("tag_name", "created_at") }, readRelease},
}

func readDeployment(o object, d *Draft, j *documents) {
	d.ID = deploymentID + o.id("id")
	d.Started = j.moment(o.text("created_at"))
	d.Environment = o.text("environment", "original_environment")
	d.Commit = o.text("sha")
	d.setRef(o.text("ref"), false)
	d.person(o.text("creator.login", "creator.name"))
	d.repository(o.text("repository_url", "url"), j)
	d.Title = d.title()
}

// readStatuses takes the outcome and the end from what became of a deployment.
// "inactive" says only that another one took its place.
func readStatuses(d *Draft, all []object, j *documents) {
	slices.SortStableFunc(all, func(a, b object) int {
		return strings.Compare(a.text("created_at"), b.text("created_at"))
	})
	for _, s := range all {
		status, ok := records.ParseStatus(s.text("state"))
		if !ok {
			continue
		}
		d.Status, d.Finished = status, records.Moment{}
		if status != records.InProgress {
			d.Finished = j.moment(s.text("created_at"))
		}
		d.Links = nil
		d.link("log", s.text("log_url", "target_url"))
		d.link("environment", s.text("environment_url"))
	}
}

func readRun(o object, d *Draft, j *documents) {
	if id := o.id("databaseId", "id"); id != "" {
		d.ID = "github-run-" + id
	}
	d.Started = j.moment(o.text("startedAt", "run_started_at", "createdAt", "created_at"))
	conclusion := o.text("conclusion")
	d.Status, _ = records.ParseStatus(cmp.Or(conclusion, o.text("status")))
	if conclusion == "" {
		if d.Status != records.InProgress { // "completed" does not say how
			d.Status = ""
		}
	} else if end := j.moment(o.text("updatedAt", "updated_at")); !end.Time.Before(d.Started.Time) {
		d.Finished = end
	}
	d.Commit = o.text("headSha", "head_sha")
	d.setRef(o.text("headBranch", "head_branch"), false)
	d.person(o.text("actor.login", "triggering_actor.login"))
	address := o.text("html_url", "url")
	d.repository(address, j)
	d.link("run", address)
	d.Title = text.OneLine(o.text("displayTitle", "display_title", "name", "workflowName"), 200)
}

func readRelease(o object, d *Draft, j *documents) {
	d.Version = o.text("tagName", "tag_name")
	d.Started = j.moment(o.text("publishedAt", "published_at", "released_at", "createdAt", "created_at"))
	d.person(o.text("author.login", "author.name", "author.username"))
	address := o.text("html_url", "url", "_links.self")
	d.repository(address, j)
	d.link("release", address)
	d.ID = "github-release-" + strings.TrimPrefix(wordsID([]byte(strings.Join(append(d.Services, d.Version), " "))), textID)
	d.Title = text.OneLine(o.text("name"), 200)
	if d.Title == "" || d.Title == d.Version {
		d.Title = d.title()
	}
}

func (d *Draft) person(name string) {
	if name != "" {
		d.Deployers = []string{name}
	}
}

// repository takes the service from the address of something in a repository,
// unless another one was asked for.
func (d *Draft) repository(address string, j *documents) {
	if j.reading.opt.Service != "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if i := slices.Index(parts, "repos"); i >= 0 { // https://api.github.com/repos/OWNER/NAME/…
		parts = parts[i+1:]
	}
	if i := slices.Index(parts, "-"); i >= 1 { // https://gitlab.example.org/group/NAME/-/…
		d.Services = parts[i-1 : i]
	} else if len(parts) >= 2 {
		d.Services = parts[1:2]
	}
}
