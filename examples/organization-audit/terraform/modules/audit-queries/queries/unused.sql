-- Mesh roles without any call.
-- One row for each mesh role that made no recorded call in the last days, and how often somebody assumed it nevertheless.
-- The trail has no data events unless it is told to: a role that only reads objects or table items, or only calls services through VPC Lattice, looks unused here. Ask IAM's last accessed information before deleting.
WITH callers AS (
  SELECT DISTINCT
    useridentity.accountid AS account,
    split_part(useridentity.arn, '/', 2) AS role_name
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND useridentity.type = 'AssumedRole'
),
assumed AS (
  SELECT
    json_extract_scalar(requestparameters, '$.roleArn') AS role,
    count(*) AS times,
    max(eventtime) AS last_time
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND eventsource = 'sts.amazonaws.com'
    AND eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
    AND errorcode IS NULL
  GROUP BY 1
)
SELECT
  r.mesh,
  r.environment,
  r.identity,
  r.kind,
  r.arn AS role,
  coalesce(a.times, 0) AS assumed,
  a.last_time AS last_assumed
FROM ${database}.roles AS r
LEFT JOIN callers AS c
  ON c.role_name = r.name
  AND c.account = split_part(r.arn, ':', 5)
LEFT JOIN assumed AS a
  ON a.role = r.arn
WHERE c.role_name IS NULL
ORDER BY 1, 2, 3, 5
