-- Which role did what on which mesh.
-- One row for each role, person behind it, API call and mesh that the call names; a failed call carries an errorCode, a lost Envoy stream its status.
-- Requests between workloads are not calls to AWS: VPC Lattice writes them to its access logs, other meshes to their proxies' logs.
SELECT
  r.mesh,
  r.environment,
  r.identity,
  r.kind,
  r.arn AS role,
  c.useridentity.sessioncontext.sourceidentity AS source_identity,
  c.eventsource,
  c.eventname,
  CASE c.eventsource
    WHEN 'appmesh.amazonaws.com' THEN coalesce(
      json_extract_scalar(c.requestparameters, '$.meshName'),
      nullif(regexp_extract(json_extract_scalar(c.serviceeventdetails, '$.nodeArn'), ':mesh/([^/]+)/', 1), '')
    )
    WHEN 'vpc-lattice.amazonaws.com' THEN coalesce(
      json_extract_scalar(c.requestparameters, '$.serviceNetworkIdentifier'),
      json_extract_scalar(c.requestparameters, '$.serviceIdentifier'),
      json_extract_scalar(c.requestparameters, '$.resourceIdentifier')
    )
  END AS acted_on,
  count(*) AS calls,
  count_if(
    c.errorcode IS NOT NULL
    OR coalesce(json_extract_scalar(c.serviceeventdetails, '$.eventStatus'), '') = 'ConnectionTerminated'
  ) AS failed,
  min(c.eventtime) AS first_seen,
  max(c.eventtime) AS last_seen
FROM ${database}.cloudtrail AS c
-- The ARN of a session has the role's name but not its path, and a service event has no sessionIssuer.
JOIN ${database}.roles AS r
  ON r.name = split_part(c.useridentity.arn, '/', 2)
  AND split_part(r.arn, ':', 5) = c.useridentity.accountid
WHERE ${window}
  AND c.useridentity.type = 'AssumedRole'
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
ORDER BY 1, 2, 3, 5, 7, 8, 9, 6
