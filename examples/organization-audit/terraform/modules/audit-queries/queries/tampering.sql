-- Who stopped or changed what records.
-- Trails, AWS Config's recorder, channel and rules, and the bucket of the records; administrators are in it, and marked; an errorCode marks an attempt.
WITH touched AS (
  SELECT
    eventtime,
    recipientaccountid AS account,
    awsregion,
    eventsource,
    eventname,
    coalesce(
      json_extract_scalar(requestparameters, '$.bucketName'),
      json_extract_scalar(requestparameters, '$.name'),
      json_extract_scalar(requestparameters, '$.trailName'),
      json_extract_scalar(requestparameters, '$.configurationRecorderName'),
      json_extract_scalar(requestparameters, '$.configurationRecorder.name'),
      json_extract_scalar(requestparameters, '$.deliveryChannelName'),
      json_extract_scalar(requestparameters, '$.deliveryChannel.name'),
      json_extract_scalar(requestparameters, '$.configRuleName'),
      json_extract_scalar(requestparameters, '$.configRule.configRuleName')
    ) AS touched,
    -- Of a session, the role that it is of.
    coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, useridentity.invokedby, useridentity.type) AS principal,
    useridentity.sessioncontext.sourceidentity AS source_identity,
    sourceipaddress,
    useragent,
    errorcode
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND (
      -- https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
      (
        eventsource = 'cloudtrail.amazonaws.com'
        AND eventname IN ('StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors', 'PutEventConfiguration')
      )
      -- https://docs.aws.amazon.com/config/latest/APIReference/API_Operations.html
      OR (
        eventsource = 'config.amazonaws.com'
        AND eventname IN (
          'StopConfigurationRecorder', 'DeleteConfigurationRecorder', 'PutConfigurationRecorder', 'DisassociateResourceTypes',
          'DeleteDeliveryChannel', 'PutDeliveryChannel', 'DeleteConfigRule', 'PutConfigRule', 'DeleteEvaluationResults'
        )
      )
      -- Whatever is put onto the bucket or deleted from it; records themselves arrive as PutObject.
      -- https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
      OR (
        eventsource = 's3.amazonaws.com'
        AND json_extract_scalar(requestparameters, '$.bucketName') = '${archive_bucket}'
        AND (eventname LIKE 'Put%' OR eventname LIKE 'Delete%')
        AND eventname <> 'PutObject'
      )
    )
)
SELECT
  eventtime,
  account,
  awsregion,
  eventname,
  touched,
  principal,
  source_identity,
  (${by_administrator}) AS by_administrator,
  sourceipaddress,
  useragent,
  errorcode
FROM touched
ORDER BY eventtime, eventname, touched
