-- Which Envoy streamed which node's configuration, and whether it is the declared one.
-- One row for each session (in ECS: each task) of a role and node or gateway. App Mesh closes every stream gracefully about each 30 minutes; a terminated one has a failureReason.
-- The verdict is "not declared" where the role's Envoy is not meant to be this node, "unknown role" where the role is no mesh role.
WITH streams AS (
  -- Service events: no errorCode, no sessionIssuer. https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html
  SELECT
    eventtime,
    useridentity.accountid AS account,
    split_part(useridentity.arn, '/', 2) AS role_name,
    split_part(useridentity.arn, '/', 3) AS session,
    json_extract_scalar(serviceeventdetails, '$.nodeArn') AS node,
    json_extract_scalar(serviceeventdetails, '$.eventStatus') AS status,
    nullif(json_extract_scalar(serviceeventdetails, '$.failureReason'), '') AS failure
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND eventsource = 'appmesh.amazonaws.com'
    AND eventname = 'StreamAggregatedResources'
)
SELECT
  r.mesh,
  r.environment,
  r.identity,
  s.account,
  s.role_name,
  s.session,
  s.node,
  CASE
    WHEN r.arn IS NULL THEN 'unknown role'
    WHEN contains(r.nodes, s.node) THEN 'declared'
    ELSE 'not declared'
  END AS verdict,
  count_if(s.status = 'ConnectionEstablished') AS established,
  count_if(s.status = 'ConnectionGracefullyTerminated') AS closed,
  count_if(s.status = 'ConnectionTerminated') AS terminated,
  max_by(s.failure, s.eventtime) FILTER (WHERE s.failure IS NOT NULL) AS last_failure,
  min(s.eventtime) AS first_seen,
  max(s.eventtime) AS last_seen
FROM streams AS s
LEFT JOIN ${database}.roles AS r
  ON r.name = s.role_name
  AND split_part(r.arn, ':', 5) = s.account
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 8 DESC, 1, 2, 3, 4, 5, 6, 7
