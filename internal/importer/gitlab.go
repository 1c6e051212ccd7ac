package importer

import (
	"github.com/deploysite/deploysite/internal/records"
)

// gitlabShapes are what glab prints of GitLab's API.
var gitlabShapes = []shape{
	{"deployment", "gitlab-deployment-", func(o object) bool { return o.has("iid", "sha", "environment") }, readGitLabDeployment},
	{"release", "gitlab-release-", func(o object) bool { return o.has("tag_name", "released_at") }, readGitLabRelease},
}

func readGitLabDeployment(o object, d *Draft, j *documents) {
	d.ID = "gitlab-deployment-" + o.id("id", "iid")
	d.Started = j.moment(o.text("deployable.started_at", "created_at"))
	d.Status, _ = records.ParseStatus(o.text("status", "deployable.status"))
	end := o.text("finished_at", "deployable.finished_at")
	if end == "" && d.Status != records.InProgress {
		end = o.text("updated_at")
	}
	if at := j.moment(end); !at.IsZero() && !at.Time.Before(d.Started.Time) && d.Status != records.InProgress {
		d.Finished = at
	}
	d.Environment = o.text("environment.name", "environment")
	d.Commit = o.text("sha", "deployable.commit.id")
	d.setRef(o.text("ref"), o.text("deployable.tag") == "true")
	d.person(o.text("user.name", "user.username", "deployable.user.name"))
	address := o.text("deployable.web_url", "deployable.pipeline.web_url")
	d.repository(address, j)
	d.link("job", address)
	d.link("environment", o.text("environment.external_url"))
	d.Title = d.title()
}

func readGitLabRelease(o object, d *Draft, j *documents) {
	readRelease(o, d, j)
	d.ID = "gitlab" + d.ID[len("github"):]
}
