-- The event, if the installation has one, runs as it should, and the server runs events. The last
-- statement fails for an account that may not see events.
SELECT 'event' AS area, CONCAT('event ', @sess_event) AS subject,
  CONCAT('runs every ', @sess_every, ' seconds') AS expected,
  IF(COUNT(name) = 0, 'missing, or hidden from this account', CONCAT_WS(', ',
    IF(MAX(is_own), NULL, 'not of this installation: its comment has no marker'),
    IF(MAX(seconds) = @sess_every, NULL, 'different interval'),
    IF(MAX(body) = ELT(@sess_server, {{event_bodies}}), NULL, 'different body'),
    IF(MAX(settings) = '', NULL, MAX(settings)),
    IF(
      @sess_definer IS NULL OR MAX(definer) = CONCAT(@sess_definer, '@localhost'),
      NULL, CONCAT('definer ', MAX(definer))
    ),
    IF(MAX(status) = 'ENABLED' OR (@@GLOBAL.read_only AND MAX(status) <> 'DISABLED'),
      NULL, MAX(status)),
    IF(@sess_definer IS NULL OR EXISTS (
      SELECT 1 FROM mysql.db
      WHERE user = @sess_definer AND host = 'localhost' AND event_priv = 'Y' AND DATABASE() LIKE db
    ), NULL, 'its definer has no EVENT privilege'),
    IF(
      @@GLOBAL.event_scheduler = 'ON',
      NULL, CONCAT('the event scheduler is ', @@GLOBAL.event_scheduler)
    )
  )) AS found,
  IF(@@GLOBAL.event_scheduler = 'ON', {{migrate}}, 'SET GLOBAL event_scheduler = ON;') AS remedy
FROM (
  SELECT event_name AS name, status, definer, {{other_settings}} AS settings,
    IF(interval_field = 'SECOND', CAST(interval_value AS UNSIGNED), 0) AS seconds,
    LOWER(event_comment) = LOWER(@sess_marker) AS is_own,
    SHA2(
      {{> comparable_body}}
    , 256) AS body
  FROM (
    SELECT installed.*, CONVERT(event_definition USING utf8mb4) AS definition
    FROM information_schema.events AS installed
    WHERE event_schema = DATABASE() AND event_name = @sess_event
  ) AS converted
) AS installed
WHERE @sess_every IS NOT NULL
HAVING @sess_every IS NOT NULL AND found <> '';
SELECT 'event' AS area, CONCAT('event ', event_name) AS subject,
  'no event of this installation' AS expected, status AS found,
  CONCAT('DROP EVENT `', event_name, '`;') AS remedy
FROM information_schema.events
WHERE event_schema = DATABASE() AND LOWER(event_comment) = LOWER(@sess_marker)
  AND (@sess_every IS NULL OR event_name <> @sess_event);
SHOW EVENTS WHERE name = '';
