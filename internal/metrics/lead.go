package metrics

// lead finds how old the commits were that a deployment brought to its line for the
// first time: those that no earlier success of the line had. It is asked of successes
// that are no rollback.
func (c *counter) lead(l *Line, one *Counted) {
	one.NoLead = notApplicable
	if one.Started.IsZero() {
		return
	}
	if !succeeded(one.Deployment) || one.Rollback {
		if succeeded(one.Deployment) {
			c.success[l] = one.Deployment
		}
		return
	}
	before := c.success[l]
	c.success[l] = one.Deployment
	added, why := c.added(l, before, one.Deployment)
	if why != Known {
		one.NoLead = why
		return
	}
	end, why := ended(one.Deployment)
	if one.NoLead = why; why != Known {
		return
	}
	for _, at := range added {
		age := end.Sub(one.Graph.Time(at))
		if age < 0 {
			one.NoLead, one.Leads, one.leads = Negative, nil, nil
			return
		}
		one.Leads = append(one.Leads, age)
	}
	one.leads = added
}

// AskedLead reports whether a deployment is one that brings changes.
func (one *Counted) AskedLead() bool { return one.NoLead != notApplicable }

// added are the commits that are new in a line.
func (c *counter) added(l *Line, before, now *Deployment) ([]int, Reason) {
	if now.Graph == nil {
		return nil, NoGit
	}
	if now.Commit.IsZero() {
		return nil, NoCommit
	}
	at, ok := now.Graph.Find(now.Commit.Value)
	if !ok {
		return nil, CommitMissing
	}
	key := seenIn{l, now.Graph}
	if c.seen[key] == nil {
		c.seen[key] = now.Graph.None()
	}
	added, whole := now.Graph.New(at, c.seen[key])
	if before == nil {
		return nil, NoPredecessor
	}
	if before.Commit.IsZero() {
		return nil, NoCommit
	}
	previous, ok := now.Graph.Find(before.Commit.Value)
	switch {
	case !ok || !whole || before.Graph != now.Graph:
		return nil, CommitMissing
	case len(added) == 0:
		return nil, SameCommit
	case !now.Graph.Contains(at, previous):
		return nil, NoAncestor
	}
	return added, Known
}
